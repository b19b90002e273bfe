import type { ActionCache } from './action-cache.ts'
import type { LoadAction } from './action-module.ts'
import { callInRun } from './current-run.ts'
import { deny, finishLogin, type LoginState, startLogin } from './login-state.ts'
import { metadataAfter } from './metadata-changes.ts'
import { createPostLoginApi } from './post-login-api.ts'
import type { Turn } from './post-login-method.ts'
import type { DeployedAction, PostLoginOutcome, PostLoginRun } from './runtime.ts'
import { strictSecrets } from './strict-secrets.ts'
import { withinTime } from './time-limit.ts'
import type { Event } from './types/post-login/v3.ts'

export interface FlowEnvironment {
  readonly load: LoadAction
  readonly cache: ActionCache
  /** Milliseconds since the Unix epoch; for the lifetimes of cache entries and tokens. */
  readonly now: () => number
  /** Milliseconds for all Actions together. */
  readonly timeoutMs: number
  /** Whether reading a secret that was not given is a mistake of the test. */
  readonly strictSecrets: boolean
}

/**
 * Runs the Actions of one login in order, as the trigger does: a denial, an uncaught error or a step
 * for the user ends it after the Action that asked for it.
 *
 * @throws {Error} Only under `strictSecrets`, naming the Action and the secret.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-login
 */
export async function runPostLoginFlow(
  run: PostLoginRun,
  environment: FlowEnvironment,
): Promise<PostLoginOutcome> {
  const started = performance.now()
  const login = startLogin(run.event, environment.cache, environment.now)
  const inTime = await withinTime(
    runActions(run.actions, login, environment),
    environment.timeoutMs,
  )
  if (!inTime) denyOverTime(login, run.actions, environment.timeoutMs)
  const outcome = finishLogin(login, performance.now() - started)
  if (login.misuse !== null) throw login.misuse
  return outcome
}

async function runActions(
  actions: readonly DeployedAction[],
  login: LoginState,
  environment: FlowEnvironment,
): Promise<void> {
  for (const action of actions) {
    if (login.over || login.denied !== null || awaitsUser(login)) return
    await runAction(action, login, environment)
  }
}

/** True when later Actions have to wait. Multifactor is asked for at the end of the flow instead. */
function awaitsUser({ interaction }: LoginState): boolean {
  return interaction !== null && interaction.method !== 'multifactor.enable'
}

async function runAction(
  action: DeployedAction,
  login: LoginState,
  environment: FlowEnvironment,
): Promise<void> {
  const run = { action: action.name, log: '' }
  login.logs.push(run)
  let turn: Turn | undefined
  try {
    await callInRun(run, async () => {
      const { exports, parse } = environment.load(action)
      const handler = exports.onExecutePostLogin
      if (typeof handler !== 'function') {
        throw new Error(`The Action ${action.name} does not export onExecutePostLogin`)
      }
      const event = parse(eventFor(action, login)) as Event
      if (environment.strictSecrets) Object.assign(event, { secrets: strictSecrets(action, login) })
      turn = { action: action.name, login, event, done: false }
      await handler(event, createPostLoginApi(turn))
    })
  } catch (error) {
    // https://auth0.com/docs/customize/actions/action-coding-guidelines
    if (!login.over) deny(login, action.name, messageOf(error))
  } finally {
    if (turn !== undefined) turn.done = true
  }
}

/** The event of this Action: a copy, with its secrets and what earlier Actions changed. */
function eventFor(action: DeployedAction, login: LoginState): string {
  const { event } = login
  return JSON.stringify({
    ...event,
    secrets: action.secrets,
    user: {
      ...event.user,
      app_metadata: metadataAfter(event.user.app_metadata, login.appMetadata),
      user_metadata: metadataAfter(event.user.user_metadata, login.userMetadata),
    },
    ...(event.transaction && {
      transaction: {
        ...event.transaction,
        metadata: Object.fromEntries(login.transactionMetadata),
      },
    }),
  })
}

function denyOverTime(
  login: LoginState,
  actions: readonly DeployedAction[],
  timeoutMs: number,
): void {
  const last = login.logs.at(-1)?.action ?? actions[0]?.name ?? ''
  deny(login, last, `Actions took longer than ${timeoutMs} ms`)
}

/** The message that reaches the application, as it does on the platform. */
export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  return 'message' in error ? String(error.message) : 'Error'
}
