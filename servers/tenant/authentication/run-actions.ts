import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import type { Services } from '../services.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { log } from '../users/tenant-log.ts'
import { identityKey } from '../users/user-index.ts'
import { boundActions } from './bound-actions.ts'
import { OAuthError } from './oauth-error.ts'
import { type LoginAttempt, postLoginEvent } from './post-login-event.ts'
import { writeActionMetadata } from './write-action-metadata.ts'

/** What the Actions of a login that they let pass ask of its tokens and its session. */
export interface LoginChanges {
  readonly idTokenClaims: JsonObject
  readonly accessTokenClaims: JsonObject
  readonly addedScopes: readonly string[]
  readonly removedScopes: readonly string[]
  /** Whom the tokens are for: the user, or the one that an Action made the primary user. */
  readonly userId: string
  /** URLs of methods that the user proved elsewhere. */
  readonly recordedMethods: readonly string[]
}

/** An Action sends the browser to `url`, and goes on when it is back. */
export interface LoginSuspension {
  readonly type: 'suspended'
  readonly url: string
  readonly outcome: PostLoginOutcome
}

export type ActionsEnd =
  | LoginSuspension
  | { readonly type: 'passed'; readonly changes: LoginChanges }

/**
 * Runs the deployed Actions that are bound to `post-login`, in their order, then writes what they
 * ask of the profile: once, also when one of them denied the login, and before a browser is sent
 * elsewhere.
 *
 * @param user Of `attempt`, or to whom that one was linked while the login was suspended.
 * @param resume Of a login that was suspended: what its Actions had come to.
 * @throws {OAuthError} `access_denied` when an Action denied or failed; its reason as description.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */
export async function runActions(
  { tenant, runtime }: Services,
  attempt: LoginAttempt,
  user: User,
  resume?: PostLoginOutcome,
): Promise<ActionsEnd> {
  const { userId } = attempt.who
  const actions = boundActions(tenant, 'post-login')
  if (actions.length === 0 && resume === undefined) {
    return { type: 'passed', changes: { ...noChanges, userId } }
  }
  const event = postLoginEvent(tenant, attempt, user, resume?.transactionMetadata)
  const outcome = await runtime.runPostLogin({ actions, event, ...(resume && { resume }) })
  await writeActionMetadata(tenant, outcome.primaryUser ?? user.profile.user_id, outcome)
  if (outcome.denied !== null) throw denied(tenant, attempt, outcome.denied)
  if (outcome.interaction !== null) {
    return suspension(attempt, outcome) ?? notCarriedOut(outcome.interaction)
  }
  const changes = {
    idTokenClaims: outcome.idTokenClaims as JsonObject,
    accessTokenClaims: outcome.accessTokenClaims as JsonObject,
    addedScopes: outcome.addedScopes,
    removedScopes: outcome.removedScopes,
    userId: primaryUserOf(tenant, userId, outcome),
    recordedMethods: outcome.recordedMethods,
  }
  return { type: 'passed', changes }
}

const noChanges: Omit<LoginChanges, 'userId'> = {
  idTokenClaims: {},
  accessTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
  recordedMethods: [],
}

function denied(
  tenant: Tenant,
  { client, who }: LoginAttempt,
  { action, reason }: NonNullable<PostLoginOutcome['denied']>,
): OAuthError {
  log(tenant, {
    type: 'f',
    client_id: client.client_id,
    user_id: who.userId,
    description: `Denied by Action ${action}.`,
  })
  return new OAuthError('access_denied', reason, 403)
}

/** @returns Null where there is no browser to send anywhere, or it may show nothing. */
function suspension(
  { authorization }: LoginAttempt,
  outcome: PostLoginOutcome,
): LoginSuspension | null {
  const { method, url } = outcome.interaction ?? {}
  if (method !== 'redirect.sendUserTo' || url === undefined) return null
  if (authorization === null || authorization.prompt.includes('none')) return null
  return { type: 'suspended', url, outcome }
}

/** Nobody gets a token whom an Action wanted to see something first. */
function notCarriedOut({ action, method }: NonNullable<PostLoginOutcome['interaction']>): never {
  const description = `Action ${action} called api.${method}, which cannot be done in this login.`
  throw new OAuthError('interaction_required', description, 403)
}

/**
 * An Action may hand the login over to the user to whom it linked this one, and to nobody else. What
 * Auth0 does about other users is not documented; here the login fails (assumption
 * `primary-user-has-to-be-linked`).
 */
function primaryUserOf(
  { state }: Tenant,
  userId: string,
  { primaryUser }: PostLoginOutcome,
): string {
  if (primaryUser === null || primaryUser === userId) return userId
  const identities = state.users.get(primaryUser)?.profile.identities ?? []
  if (identities.some((identity) => identityKey(identity) === userId)) return primaryUser
  const description = 'The primary user is none, or the user is not linked to it.'
  throw new OAuthError('access_denied', description, 403)
}
