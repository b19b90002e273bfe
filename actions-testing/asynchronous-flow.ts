import type { Methods, Turn } from './api-method.ts'
import { cacheMethods } from './cache-methods.ts'
import type { AsynchronousOutcome, AsynchronousRun } from './registration-run.ts'
import { createApi } from './trigger-api.ts'
import { type FlowEnvironment, runTrigger, type Trigger } from './trigger-flow.ts'
import { keptLogs, startTrigger, type TriggerState } from './trigger-state.ts'

interface AsynchronousState extends TriggerState {
  failed: AsynchronousOutcome['failed']
}

/** All that the reference pages have: there is nothing left to change. */
const methods: Methods<Turn<AsynchronousState>> = { cache: cacheMethods }

const handlers = {
  'post-change-password': 'onExecutePostChangePassword',
  'post-user-registration': 'onExecutePostUserRegistration',
} as const

/**
 * Runs the Actions of a trigger that nobody waits for, in order. What one of them throws ends the run,
 * and is told; the docs do not say whether later ones run on Auth0 (assumption
 * `failed-action-ends-an-asynchronous-trigger`).
 *
 * @throws {Error} Where it is strict: a secret that was not given, a member that does not exist.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/post-change-password
 */
export async function runAsynchronousFlow(
  { actions, event, trigger }: AsynchronousRun,
  environment: FlowEnvironment,
): Promise<AsynchronousOutcome> {
  const state: AsynchronousState = {
    ...startTrigger(environment.cache, environment.now),
    failed: null,
  }
  const flow: Trigger<AsynchronousState, Turn<AsynchronousState>> = {
    state,
    handlerOf: () => handlers[trigger],
    eventFor: ({ secrets }) => ({ ...event, secrets }),
    startTurn: (turn) => turn,
    createApi: (turn) => createApi(turn, methods),
    stopped: () => state.failed !== null,
    fail(action, reason) {
      state.failed ??= { reason, action }
    },
  }
  const elapsedMs = await runTrigger(actions, flow, environment)
  if (state.misuse !== null) throw state.misuse
  return { failed: state.failed, calls: state.calls, logs: keptLogs(state), elapsedMs }
}
