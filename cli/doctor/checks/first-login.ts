import { at, textAt, textsAt } from '../tenant/shape.ts'
import type { Resource, TenantView } from '../tenant/tenant-view.ts'
import { type Check, passwordPolicies } from './check.ts'
import { customDatabases } from './kit-actions.ts'

const passwordRanks: readonly string[] = passwordPolicies

/** What settings do to somebody who comes from the legacy store for the first time. */
export const firstLoginChecks: readonly Check[] = [
  {
    kind: {
      id: 'password-policy-above-legacy',
      severity: 'warning',
      title: 'Password policy that is stricter than that of the legacy store',
      why: 'Passwords that are brought along stay as weak as they are; whoever resets one, and types it as before, is refused. Support has to know.',
      remedy:
        'Begin with the policy of the legacy store, and raise it when the migration is over; or tell users.',
      link: 'https://auth0.com/docs/authenticate/database-connections/password-strength',
    },
    reads: ['databases'],
    *find(view, { legacyPasswordPolicy: legacy }) {
      for (const { value, place } of importing(view)) {
        const where = place('options', 'passwordPolicy')
        const policy = textAt(value, 'options', 'passwordPolicy')
        const rank = passwordRanks.indexOf(policy ?? '')
        if (legacy === undefined) {
          const because =
            'nobody said what the legacy store demands of passwords: give --legacy-password-policy'
          yield { because, where }
        } else if (rank === -1) yield { because: 'passwordPolicy is not in it', where }
        else if (rank > passwordPolicies.indexOf(legacy)) {
          yield { what: `passwordPolicy is ${policy}; the legacy store’s is ${legacy}.`, where }
        }
      }
    },
  },
  {
    kind: {
      id: 'breached-passwords-blocked',
      severity: 'note',
      title: 'Breached passwords are blocked while users migrate',
      why: 'A user whose legacy password has been found in a breach is refused at the first login, with the right password, until it is reset. That is as it should be, but support has to know.',
      remedy:
        'Keep it on; see that get_user works, so that a password can be reset before the first login.',
      link: 'https://auth0.com/docs/secure/attack-protection/breached-password-detection',
    },
    reads: ['attackProtection', 'databases'],
    *find(view) {
      if (importing(view).length === 0) return
      for (const { value, place } of view.section('attackProtection') ?? []) {
        const settings = at(value, 'breachedPasswordDetection')
        if (at(settings, 'enabled') !== true || !textsAt(settings, 'shields').includes('block'))
          continue
        yield {
          what: 'breachedPasswordDetection blocks.',
          where: place('breachedPasswordDetection', 'shields'),
        }
      }
    },
  },
  {
    kind: {
      id: 'verification-mail-at-first-login',
      severity: 'note',
      title: 'Verification mail to users who migrate',
      why: 'Auth0 mails everybody who is imported with email_verified false, or without it: with thousands of first logins that is a storm of mails, and some go to addresses that are long dead.',
      remedy:
        'Have login and get_user say email_verified: true of addresses that the legacy store has verified; for the rest, turn the template off while the first wave lasts.',
      link: 'https://auth0.com/docs/manage-users/user-migration/user-migration-scenarios',
    },
    reads: ['emailTemplates', 'databases'],
    *find(view) {
      if (importing(view).length === 0) return
      for (const { name, value, place } of view.section('emailTemplates') ?? []) {
        if (!name.startsWith('verify_email') || value.enabled !== true) continue
        yield { what: `${name} is on.`, where: place('enabled') }
      }
    },
  },
]

function importing(view: TenantView): readonly Resource[] {
  return customDatabases(view).filter(({ value }) => at(value, 'options', 'import_mode') === true)
}
