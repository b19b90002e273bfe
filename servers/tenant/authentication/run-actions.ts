import type { DeployedAction, PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import { awaitProfileWrite } from '../rate-limits.ts'
import type { Services } from '../services.ts'
import type { JsonObject, Tenant, User } from '../state.ts'
import { isObject, mergeMetadata } from '../users/metadata.ts'
import { log } from '../users/tenant-log.ts'
import { writeProfile } from '../users/write-profile.ts'
import { OAuthError } from './oauth-error.ts'
import { type LoginAttempt, postLoginEvent } from './post-login-event.ts'

/** What the Actions of a login that they let pass ask of its tokens. */
export interface TokenChanges {
  readonly idTokenClaims: JsonObject
  readonly accessTokenClaims: JsonObject
  readonly addedScopes: readonly string[]
  readonly removedScopes: readonly string[]
}

/**
 * Runs the deployed Actions that are bound to `post-login`, in their order, then writes what they
 * ask of the profile: once, and also when one of them denied the login.
 *
 * @throws {OAuthError} `access_denied` when an Action denied or failed; its reason as description.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */
export async function runActions(
  { tenant, runtime }: Services,
  attempt: LoginAttempt,
  user: User,
): Promise<TokenChanges> {
  const actions = boundActions(tenant)
  if (actions.length === 0) return noChanges
  const event = postLoginEvent(tenant, attempt, user)
  const outcome = await runtime.runPostLogin({ actions, event })
  await applyMetadata(tenant, user.profile.user_id, outcome)
  if (outcome.denied !== null) {
    log(tenant, {
      type: 'f',
      client_id: attempt.client.client_id,
      user_id: user.profile.user_id,
      description: `Denied by Action ${outcome.denied.action}.`,
    })
    throw new OAuthError('access_denied', outcome.denied.reason, 403)
  }
  if (outcome.interaction !== null) throw notCarriedOut(outcome.interaction)
  return {
    idTokenClaims: outcome.idTokenClaims as JsonObject,
    accessTokenClaims: outcome.accessTokenClaims as JsonObject,
    addedScopes: outcome.addedScopes,
    removedScopes: outcome.removedScopes,
  }
}

/** Nobody gets a token whom an Action wanted to see something first. */
function notCarriedOut({ action, method }: Interaction): OAuthError {
  const description = `Action ${action} called api.${method}, which the stand-in tenant does not do.`
  return new OAuthError('interaction_required', description, 403)
}

type Interaction = NonNullable<PostLoginOutcome['interaction']>

const noChanges: TokenChanges = {
  idTokenClaims: {},
  accessTokenClaims: {},
  addedScopes: [],
  removedScopes: [],
}

function boundActions({ state }: Tenant): readonly DeployedAction[] {
  return (state.bindings.get('post-login') ?? []).flatMap(({ action_id }) => {
    const action = state.actions.get(action_id)
    if (!action?.deployed) return []
    const { code, secrets } = action.deployed
    return [
      {
        name: action.name,
        code,
        secrets: Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
      },
    ]
  })
}

/** One write however many Actions asked; none when they asked for nothing. */
async function applyMetadata(
  tenant: Tenant,
  userId: string,
  outcome: PostLoginOutcome,
): Promise<void> {
  const app = outcome.appMetadata as JsonObject
  const own = outcome.userMetadata as JsonObject
  if (isEmpty(app) && isEmpty(own)) return
  await awaitProfileWrite(tenant)
  const user = tenant.state.users.get(userId)
  if (user === undefined) return
  const { app_metadata, user_metadata } = user.profile
  const profile = {
    ...user.profile,
    app_metadata: isEmpty(app) ? app_metadata : mergeMetadata(app_metadata, app),
    user_metadata: isEmpty(own) ? user_metadata : mergeMetadata(user_metadata, own),
  }
  writeProfile(tenant, { ...user, profile }, 'actions')
}

function isEmpty(object: JsonObject): boolean {
  return isObject(object) && Object.keys(object).length === 0
}
