import type { RulesOutcome } from '../../../actions-testing/rules-run.ts'
import { rulesConfiguration, rulesOf } from '../rules.ts'
import type { Services } from '../services.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { mergeMetadata } from '../users/metadata.ts'
import { log } from '../users/tenant-log.ts'
import { writeProfile } from '../users/write-profile.ts'
import { OAuthError } from './oauth-error.ts'
import type { LoginAttempt } from './post-login-event.ts'
import { ruleLogin } from './rule-login.ts'
import type { ActionsEnd } from './run-actions.ts'

/**
 * Runs the enabled Rules of a tenant that has them, in their order and before the Actions. What they
 * store is stored at once, also when they refuse the login.
 *
 * @returns Null where there is no Rule to run.
 * @throws {OAuthError} As the Rules say, `access_denied` or `unauthorized`.
 * @see https://auth0.com/docs/customize/actions/migrate/migrate-from-rules-to-actions
 */
export async function runRules(
  { tenant, runtime }: Services,
  attempt: LoginAttempt,
  user: User,
): Promise<RulesOutcome | null> {
  const enabled = [...(rulesOf(tenant)?.values() ?? [])].filter((rule) => rule.enabled)
  if (enabled.length === 0) return null
  const rules = enabled.toSorted((a, b) => a.order - b.order)
  const outcome = await runtime.runRules({
    rules: rules.map(({ name, script }) => ({ name, code: script })),
    configuration: configurationOf(tenant),
    auth0: { domain: tenant.domain },
    ...ruleLogin(tenant, attempt, user),
  })
  for (const write of outcome.writes) store(tenant, write)
  if (outcome.denied !== null) throw denied(tenant, attempt, outcome.denied)
  if (outcome.interaction !== null || outcome.primaryUser !== null) throw notCarriedOut()
  return outcome
}

/** What the Rules put into the tokens goes into them, unless an Action says otherwise. */
export function withRules(end: ActionsEnd, rules: RulesOutcome | null): ActionsEnd {
  if (rules === null) return end
  const idTokenClaims = rules.idTokenClaims as JsonObject
  const accessTokenClaims = rules.accessTokenClaims as JsonObject
  if (end.type === 'suspended') {
    const { outcome } = end
    const claims = {
      idTokenClaims: { ...idTokenClaims, ...outcome.idTokenClaims },
      accessTokenClaims: { ...accessTokenClaims, ...outcome.accessTokenClaims },
    }
    return { ...end, outcome: { ...outcome, ...claims } }
  }
  const { changes } = end
  return {
    type: 'passed',
    changes: {
      ...changes,
      idTokenClaims: { ...idTokenClaims, ...changes.idTokenClaims },
      accessTokenClaims: { ...accessTokenClaims, ...changes.accessTokenClaims },
    },
  }
}

function configurationOf(tenant: Tenant): Readonly<Record<string, string>> {
  const values = [...rulesConfiguration(tenant)]
  return Object.fromEntries(values.map(([key, { value }]) => [key, String(value)]))
}

function store(tenant: Tenant, { kind, metadata, userId }: RulesOutcome['writes'][number]): void {
  const user = tenant.state.users.get(userId)
  if (user === undefined) return
  const merged = mergeMetadata(user.profile[kind], metadata as JsonObject)
  writeProfile(tenant, { ...user, profile: { ...user.profile, [kind]: merged } }, 'rules')
}

function denied(
  tenant: Tenant,
  { client, who }: LoginAttempt,
  { error, reason, rule }: NonNullable<RulesOutcome['denied']>,
): OAuthError {
  log(tenant, {
    type: 'f',
    client_id: client.client_id,
    user_id: who.userId,
    description: `Denied by Rule ${rule}.`,
  })
  return new OAuthError(error, reason, error === 'unauthorized' ? 401 : 403)
}

/** Nobody gets a token from whom a Rule wanted something that is not done here. */
function notCarriedOut(): OAuthError {
  const description = 'A Rule asked for a redirect, a second factor or another user: not done here.'
  return new OAuthError('interaction_required', description, 403)
}
