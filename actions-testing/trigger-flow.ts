import type { ActionCache } from './action-cache.ts'
import type { LoadAction } from './action-module.ts'
import type { Turn } from './api-method.ts'
import { callInRun } from './current-run.ts'
import { messageOf } from './error-message.ts'
import type { EventMembers } from './event-shape.ts'
import type { DeployedAction } from './runtime.ts'
import { settled } from './settled.ts'
import { type EndListener, noticeEnd } from './settlement.ts'
import { lateCalls, strictTurn } from './strict-turn.ts'
import { withinTime } from './time-limit.ts'
import type { TriggerState } from './trigger-state.ts'

export interface FlowEnvironment {
  readonly load: LoadAction
  readonly cache: ActionCache
  /** Milliseconds since the Unix epoch; for the lifetimes of cache entries and tokens. */
  readonly now: () => number
  /** Milliseconds for all Actions together. */
  readonly timeoutMs: number
  /** Whether reading a secret that was not given is a mistake of the test. */
  readonly strictSecrets: boolean
  /** Secrets that may be read, and are not there. */
  readonly absentSecrets?: readonly string[]
  /** Whether to read what `api` does not have, or to call it in vain, is a mistake, also when caught. */
  readonly strictApi: boolean
  /** Whether to read what `event` does not have, or to change it in vain, is one. */
  readonly strictEvent?: boolean
  /** The event as the test gave it: what is undefined in it may be read, and is not there. */
  readonly givenEvent?: object
}

/** An outcome, with what the first Action that failed threw. */
export interface Followed<Outcome> {
  readonly outcome: Outcome
  readonly uncaught: TriggerState['uncaught']
}

/** The events of a trigger. */
export interface TriggerEvents {
  /** What they hold, where that is known. */
  readonly eventMembers?: EventMembers
  /** The event of this Action, with what earlier Actions changed: it is given a copy. */
  readonly eventFor: (action: DeployedAction) => object
}

/** One execution of a trigger: what makes it this trigger and no other. */
export interface Trigger<State extends TriggerState, OneTurn extends Turn<State>>
  extends TriggerEvents {
  readonly state: State
  /** The export that runs for this Action. */
  handlerOf(action: DeployedAction): string
  startTurn(turn: Turn<State>): OneTurn
  createApi(turn: OneTurn): object
  /** Called when the Action has returned or thrown. */
  endTurn?(turn: OneTurn): void
  /** True when later Actions do not run. */
  stopped(): boolean
  /** Fails the execution for what an Action threw, or for a limit. */
  fail(action: string, reason: string): void
}

/**
 * Runs Actions in order, each when the one before it has returned, all within the time limit.
 *
 * @returns Milliseconds that it took.
 */
export async function runTrigger<State extends TriggerState, OneTurn extends Turn<State>>(
  actions: readonly DeployedAction[],
  trigger: Trigger<State, OneTurn>,
  environment: FlowEnvironment,
): Promise<number> {
  const started = performance.now()
  const { timeoutMs } = environment
  const inTime = await withinTime(() => runActions(actions, trigger, environment), timeoutMs)
  if (!inTime) {
    const last = trigger.state.logs.at(-1)?.action ?? actions[0]?.name ?? ''
    const error = new Error(`Actions took longer than ${timeoutMs} ms`)
    trigger.fail(last, error.message)
    trigger.state.uncaught ??= { error, limit: true }
  } else if (environment.strictApi) await lateCalls()
  trigger.state.over = true
  return performance.now() - started
}

async function runActions<State extends TriggerState, OneTurn extends Turn<State>>(
  actions: readonly DeployedAction[],
  trigger: Trigger<State, OneTurn>,
  environment: FlowEnvironment,
): Promise<void> {
  for (const action of actions) {
    if (trigger.state.over || trigger.stopped()) return
    await runAction(action, trigger, environment)
  }
}

async function runAction<State extends TriggerState, OneTurn extends Turn<State>>(
  action: DeployedAction,
  trigger: Trigger<State, OneTurn>,
  environment: FlowEnvironment,
): Promise<void> {
  const { state } = trigger
  let turn: OneTurn | undefined
  const ended = () => {
    if (turn !== undefined) turn.done = true
  }
  const end = { ended, isOver: () => state.over }
  const run = { action: action.name, log: '', ...(environment.strictApi && { end }) }
  state.logs.push(run)
  try {
    await callInRun(run, () =>
      callHandler(action, trigger, environment, end, (started) => {
        turn = started
      }),
    )
  } catch (error) {
    if (state.over) return
    // https://auth0.com/docs/customize/actions/action-coding-guidelines
    trigger.fail(action.name, messageOf(error))
    state.uncaught ??= { error }
  } finally {
    ended()
    if (turn !== undefined && !state.over) trigger.endTurn?.(turn)
  }
}

async function callHandler<State extends TriggerState, OneTurn extends Turn<State>>(
  action: DeployedAction,
  trigger: Trigger<State, OneTurn>,
  environment: FlowEnvironment,
  end: EndListener,
  starts: (turn: OneTurn) => void,
): Promise<void> {
  const { state } = trigger
  const { exports, copy } = environment.load(action)
  const handler = trigger.handlerOf(action)
  const handle = handlerIn(exports, handler, action.name)
  const { event, inspect, misused } = strictTurn(action, state, trigger, environment, copy)
  const started = { action: action.name, handler, state, event, done: false }
  const turn = trigger.startTurn({ ...started, ...(misused && { misused }) })
  starts(turn)
  const api = trigger.createApi(turn)
  const call = () => handle(event, api)
  await settled(misused === undefined ? call() : noticeEnd(call, end))
  inspect?.()
}

type AnyHandler = (event: object, api: object) => unknown

/** @throws {Error} When there is no such handler, or none that Auth0 takes. */
function handlerIn(exports: object, handler: string, action: string): AnyHandler {
  const handle = (exports as Readonly<Record<string, unknown>>)[handler]
  if (typeof handle !== 'function') {
    throw new Error(`The Action ${action} does not export ${handler}`)
  }
  // https://github.com/auth0/auth0-actions: Auth0's own loader takes no other function.
  if (handle.constructor.name !== 'AsyncFunction') {
    throw new Error(`The Action ${action} has to export ${handler} as an async function`)
  }
  return handle as AnyHandler
}
