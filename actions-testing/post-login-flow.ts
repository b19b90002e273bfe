import { membersOfLoginEvent } from './event-members.ts'
import { deny, finishLogin, type LoginState, type LoginTurn, startLogin } from './login-state.ts'
import { metadataAfter } from './metadata-changes.ts'
import { createPostLoginApi } from './post-login-api.ts'
import type { DeployedAction, PostLoginOutcome, PostLoginRun } from './runtime.ts'
import { type FlowEnvironment, type Followed, runTrigger, type Trigger } from './trigger-flow.ts'
import type { Event } from './types/post-login/v3.ts'

/**
 * Runs the Actions of one login in order, as the trigger does: a denial, an uncaught error or a step
 * for the user ends it after the Action that asked for it. A login that is resumed goes on in that
 * Action, and with those after it.
 *
 * @throws {Error} For what no login can be: a resumption of one that did not stop; and, where it is
 *   strict, a secret that was not given or a member of `api` that does not exist.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */
export async function runPostLoginFlow(
  run: PostLoginRun,
  environment: FlowEnvironment,
): Promise<PostLoginOutcome> {
  return (await followPostLogin(run, environment)).outcome
}

/** As `runPostLoginFlow`, with what the first Action that failed threw. */
export async function followPostLogin(
  run: PostLoginRun,
  environment: FlowEnvironment,
): Promise<Followed<PostLoginOutcome>> {
  const resumed = resumedAction(run)
  const login = startLogin(run, environment.cache, environment.now)
  const elapsedMs = await runTrigger(
    remainingActions(run, resumed, login),
    postLoginTrigger(login, resumed),
    environment,
  )
  const outcome = finishLogin(login, elapsedMs)
  if (login.misuse !== null) throw login.misuse
  return { outcome, uncaught: login.uncaught }
}

interface Resumed {
  readonly action: string
  /** False after a challenge or an enrolment: the docs name redirects and prompts only. */
  readonly continues: boolean
}

// https://auth0.com/docs/customize/actions/redirect-with-actions
const continuing = ['prompt.render', 'redirect.sendUserTo']

function resumedAction({ resume }: PostLoginRun): Resumed | null {
  if (resume === undefined) return null
  // Tests are not all in TypeScript.
  const { interaction } = resume as Partial<PostLoginOutcome>
  // Multifactor is asked for at the end of the flow, and no Action is left to go on.
  if (!interaction || interaction.method === 'multifactor.enable') {
    throw new TypeError('resume: this login did not stop for the user, so that none can go on')
  }
  return { action: interaction.action, continues: continuing.includes(interaction.method) }
}

function remainingActions(
  { actions }: PostLoginRun,
  resumed: Resumed | null,
  login: LoginState,
): readonly DeployedAction[] {
  if (resumed === null) return actions
  const index = actions.findIndex(({ name }) => name === resumed.action)
  if (index === -1) {
    deny(login, resumed.action, `The Action ${resumed.action} is no longer there to go on`)
    return []
  }
  return actions.slice(resumed.continues ? index : index + 1)
}

function postLoginTrigger(
  login: LoginState,
  resumed: Resumed | null,
): Trigger<LoginState, LoginTurn> {
  const continues = (name: string) => resumed?.continues === true && name === resumed.action
  return {
    state: login,
    eventMembers: membersOfLoginEvent,
    handlerOf: ({ name }) => (continues(name) ? 'onContinuePostLogin' : 'onExecutePostLogin'),
    eventFor: (action) => eventFor(action, login),
    startTurn: (turn) => ({
      ...turn,
      event: turn.event as Event,
      metadataBefore: [new Map(login.appMetadata), new Map(login.userMetadata)],
    }),
    createApi: createPostLoginApi,
    endTurn: loseMetadataOfRelinked,
    stopped: () => login.denied !== null || login.interaction !== null,
    fail: (action, reason) => deny(login, action, reason),
  }
}

/**
 * Metadata set in the same Action as `setPrimaryUser`, before or after it, is lost. The page says so
 * of "userMetadata"; read as both objects, since nobody should build on the other (assumption
 * `set-primary-user-loses-both-metadata`).
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
function loseMetadataOfRelinked({ action, state, metadataBefore }: LoginTurn): void {
  if (state.primaryUserSetBy !== action) return
  for (const [index, changes] of [state.appMetadata, state.userMetadata].entries()) {
    changes.clear()
    for (const [key, value] of metadataBefore[index] ?? []) changes.set(key, value)
  }
}

/** The event of this Action, with its secrets and what earlier Actions changed. */
function eventFor(action: DeployedAction, login: LoginState): object {
  const { event } = login
  return {
    ...event,
    secrets: action.secrets,
    user: {
      ...event.user,
      app_metadata: metadataAfter(event.user.app_metadata, login.appMetadata),
      user_metadata: metadataAfter(event.user.user_metadata, login.userMetadata),
    },
    ...(event.transaction && { transaction: transactionFor(event.transaction, login) }),
  }
}

function transactionFor(
  transaction: NonNullable<Event['transaction']>,
  { targetScopes, transactionMetadata }: LoginState,
): Event['transaction'] {
  const scopes = targetScopes ?? transaction.target_scopes ?? transaction.requested_scopes
  return {
    ...transaction,
    metadata: Object.fromEntries(transactionMetadata),
    // https://auth0.com/docs/customize/actions/handling-scopes-in-actions
    ...(scopes && { target_scopes: scopes }),
  }
}
