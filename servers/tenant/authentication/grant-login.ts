import type { Services } from '../services.ts'
import type { Tenant, User } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import type { GrantedLogin } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import type { LoginAttempt } from './post-login-event.ts'
import { runActions } from './run-actions.ts'

/**
 * The end of every login, whatever the flow: a user who may log in, then the Actions. Nothing is
 * issued before it has returned.
 *
 * @throws {OAuthError} `unauthorized` for a blocked user, `access_denied` when an Action denies.
 */
export async function grantLogin(
  services: Services,
  attempt: LoginAttempt,
  grantType: string | null,
): Promise<GrantedLogin> {
  const { tenant } = services
  const user = activeUser(tenant, attempt.who.userId)
  const changes = await runActions(services, attempt, user)
  // An Action may take seconds: the user may be gone or blocked by now.
  activeUser(tenant, attempt.who.userId)
  if (attempt.refreshToken === null) logSuccess(tenant, attempt)
  const scopes = new Set([...attempt.scopes, ...changes.addedScopes])
  for (const scope of changes.removedScopes) scopes.delete(scope)
  const { authenticatedAt, connectionId, methods, userId } = attempt.who
  return {
    authenticatedAt,
    connectionId,
    methods,
    userId,
    clientId: attempt.client.client_id,
    audience: attempt.api?.identifier ?? null,
    scopes: [...scopes],
    idTokenClaims: changes.idTokenClaims,
    accessTokenClaims: changes.accessTokenClaims,
    sessionId: attempt.session?.id ?? null,
    nonce: attempt.authorization?.nonce ?? null,
    grantType,
  }
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
