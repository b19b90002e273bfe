import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import type { Services } from '../services.ts'
import type { Tenant, User } from '../state.ts'
import { findLinked } from '../users/find-user.ts'
import { permissionsAtLogin } from '../users/permissions.ts'
import { log } from '../users/tenant-log.ts'
import type { GrantedLogin } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { assertMembership } from './organization-request.ts'
import type { LoginAttempt } from './post-login-event.ts'
import { type LoginChanges, type LoginSuspension, runActions } from './run-actions.ts'
import { runRules, withRules } from './run-rules.ts'
import { permittedScopes } from './user-scopes.ts'

export type LoginEnd = { readonly type: 'granted'; readonly login: GrantedLogin } | LoginSuspension

/**
 * The end of every login, whatever the flow: a user who may log in, a member of the organization
 * where the login is for one, then the Actions. Nothing is issued before it has returned.
 *
 * @param resume Of a login that was suspended.
 * @throws {OAuthError} `unauthorized` for a blocked user, `access_denied` when an Action denies.
 */
export async function runLogin(
  services: Services,
  attempt: LoginAttempt,
  grantType: string | null,
  resume?: PostLoginOutcome,
): Promise<LoginEnd> {
  const { tenant } = services
  const { userId } = attempt.who
  // While the browser was away, the user may have been linked to another one.
  const linked = resume && !tenant.state.users.has(userId) ? findLinked(tenant, userId) : null
  const user = activeUser(tenant, linked?.profile.user_id ?? userId)
  assertMembership(tenant, { ...attempt, userId: user.profile.user_id })
  // Rules come first, and once: a login that goes on had them before it was suspended.
  const rules = resume === undefined ? await runRules(services, attempt, user) : null
  const ruled = rules === null ? user : activeUser(tenant, user.profile.user_id)
  const end = withRules(await runActions(services, attempt, ruled, resume), rules)
  if (end.type === 'suspended') return end
  // An Action may take seconds: the user may be gone or blocked by now.
  activeUser(tenant, end.changes.userId)
  if (attempt.refreshToken === null) logSuccess(tenant, attempt)
  return { type: 'granted', login: grantedLogin(tenant, attempt, end.changes, grantType) }
}

/** As {@link runLogin}, where no browser takes part: no Action can send it anywhere. */
export async function grantLogin(
  services: Services,
  attempt: LoginAttempt & { readonly authorization: null },
  grantType: string | null,
): Promise<GrantedLogin> {
  const end = await runLogin(services, attempt, grantType)
  if (end.type === 'granted') return end.login
  throw new OAuthError('interaction_required', 'There is no browser to send anywhere.', 403)
}

function grantedLogin(
  tenant: Tenant,
  attempt: LoginAttempt,
  changes: LoginChanges,
  grantType: string | null,
): GrantedLogin {
  const { api, organization } = attempt
  const organizationId = organization?.id ?? null
  // Of whom the tokens are for, which an Action may have changed; what it adds overrides RBAC.
  const permitted = permittedScopes(attempt.scopes, api, (enforcing) =>
    permissionsAtLogin(tenant, organizationId, changes.userId, enforcing),
  )
  const scopes = new Set([...permitted, ...changes.addedScopes])
  for (const scope of changes.removedScopes) scopes.delete(scope)
  const { authenticatedAt, connectionId, methods } = attempt.who
  const timestamp = new Date(tenant.now()).toISOString()
  return {
    authenticatedAt,
    connectionId,
    methods: [...methods, ...changes.recordedMethods.map((name) => ({ name, timestamp }))],
    userId: changes.userId,
    clientId: attempt.client.client_id,
    audience: api?.identifier ?? null,
    scopes: [...scopes],
    idTokenClaims: changes.idTokenClaims,
    accessTokenClaims: changes.accessTokenClaims,
    sessionId: attempt.session?.id ?? null,
    organizationId,
    nonce: attempt.authorization?.nonce ?? null,
    tellsAuthTime: tellsAuthTime(attempt),
    grantType,
  }
}

// https://auth0.com/docs/authenticate/login/max-age-reauthentication
function tellsAuthTime({ authorization }: LoginAttempt): boolean {
  if (authorization === null) return false
  return authorization.maxAge !== null || authorization.prompt.includes('login')
}

/** @throws {OAuthError} `invalid_grant` when the user is gone, `unauthorized` when blocked. */
export function activeUser(tenant: Tenant, userId: string): User {
  const user = tenant.state.users.get(userId)
  if (user === undefined) throw new OAuthError('invalid_grant', 'The user does not exist.', 403)
  if (user.profile.blocked === true) throw new OAuthError('unauthorized', 'user is blocked', 403)
  return user
}

function logSuccess(tenant: Tenant, { client, connection, who }: LoginAttempt): void {
  const { client_id } = client
  log(tenant, { type: 's', client_id, connection_id: connection.id, user_id: who.userId })
}
