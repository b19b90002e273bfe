import type { Check, Seen, Unseen } from './check.ts'
import {
  isForPeople,
  legacyApis,
  legacyAudiences,
  legacyGrants,
  policyOf,
  unknownLegacyApi,
} from './legacy-api.ts'

const policies = 'https://auth0.com/docs/get-started/apis/api-access-policies-for-applications'

/** Nobody but a machine may get a token for the legacy API. */
export const legacyAudienceChecks: readonly Check[] = [
  {
    kind: {
      id: 'legacy-audience-open-to-people',
      severity: 'error',
      title: 'Legacy API that gives tokens to people',
      why: 'A person with a token for the legacy API can ask it what only the migration may ask: whose account there is, and what is in it.',
      remedy: 'Set subject_type_authorization.user.policy of the API to deny_all.',
      link: policies,
    },
    reads: ['resourceServers', 'clientGrants'],
    *find(view, settings) {
      const apis = legacyApis(view, settings)
      if (apis.length === 0) yield { because: unknownLegacyApi, where: {} }
      const granted = legacyGrants(view, settings).some(isForPeople)
      for (const { value, place } of apis) {
        const policy = policyOf(value, 'user')
        const where = place('subject_type_authorization', 'user', 'policy')
        const open = policy === 'allow_all' || (policy === 'require_client_grant' && granted)
        if (open) yield { what: `user.policy is ${policy}.`, where }
      }
    },
  },
  {
    kind: {
      id: 'legacy-audience-closed-to-machines',
      severity: 'error',
      title: 'Legacy API that gives tokens to nobody',
      why: 'The Actions and the scripts get no token either: nobody who has not migrated can log in.',
      remedy: 'Set subject_type_authorization.client.policy of the API to require_client_grant.',
      link: policies,
    },
    reads: ['resourceServers'],
    *find(view, settings) {
      for (const { value, place } of legacyApis(view, settings)) {
        if (policyOf(value, 'client') !== 'deny_all') continue
        const where = place('subject_type_authorization', 'client', 'policy')
        yield { what: 'client.policy is deny_all.', where }
      }
    },
  },
  {
    kind: {
      id: 'legacy-audience-granted-to-people',
      severity: 'error',
      title: 'Grant of the legacy API for people',
      why: 'An application with such a grant gets tokens of its users for the legacy API as soon as the policy allows it.',
      remedy: 'Delete the grant.',
      link: 'https://auth0.com/docs/get-started/applications/application-access-to-apis-client-grants',
    },
    reads: ['clientGrants'],
    *find(view, settings) {
      for (const grant of legacyGrants(view, settings)) {
        if (!isForPeople(grant)) continue
        yield { what: 'subject_type is user.', where: grant.place('subject_type') }
      }
    },
  },
  {
    kind: {
      id: 'default-audience',
      severity: 'warning',
      title: 'Default audience of the tenant',
      why: 'Every login that names no API asks for this one, without anybody having meant it.',
      remedy: 'Have each application name its audience, and leave default_audience empty.',
      link: 'https://auth0.com/docs/get-started/tenant-settings',
    },
    reads: ['tenant'],
    *find(view, settings): Generator<Seen | Unseen> {
      const audiences = legacyAudiences(view, settings)
      for (const { value, place } of view.section('tenant') ?? []) {
        const { default_audience: audience } = value
        if (typeof audience !== 'string' || audience === '') continue
        const where = place('default_audience')
        if (!audiences.has(audience)) yield { what: 'default_audience is set.', where }
        else yield { what: 'default_audience is the legacy API.', where, severity: 'error' }
      }
    },
  },
]
