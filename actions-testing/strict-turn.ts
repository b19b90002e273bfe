import { lostChange } from './event-changes.ts'
import type { DeployedAction } from './runtime.ts'
import { makeStrict } from './strict-event.ts'
import { strictSecrets } from './strict-secrets.ts'
import type { FlowEnvironment, TriggerEvents } from './trigger-flow.ts'
import type { TriggerState } from './trigger-state.ts'

// Taken at load, so that a test's fake timers cannot hold it back.
const { setImmediate } = globalThis
/** Enough for chains of promises that a test's stand-ins have settled; no work is waited for. */
const turnsOfTheLoop = 5

/** Gives what an Action did not await the time to call `api` too late. */
export async function lateCalls(): Promise<void> {
  for (let turn = 0; turn < turnsOfTheLoop; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

interface StrictTurn {
  /** The Action's own copy of the event, as strict as it is to be. */
  readonly event: object
  /** Where `api` is strict: rejects the run, and is told why. */
  readonly misused?: (problem: string) => void
  /** Looks at the event when the Action has returned. */
  readonly inspect?: () => void
}

/**
 * What is a mistake in this Action's turn, though Auth0 would let it pass.
 *
 * @param copy Makes objects of the Action's realm.
 */
export function strictTurn(
  action: DeployedAction,
  state: TriggerState,
  { eventFor, eventMembers }: TriggerEvents,
  environment: FlowEnvironment,
  copy: (value: unknown) => unknown,
): StrictTurn {
  const given = eventFor(action)
  const event = copy(given) as object
  const misused = (problem: string) => {
    state.misuse ??= new Error(`The Action ${action.name} ${problem}`)
  }
  if (environment.strictSecrets) {
    const secrets = strictSecrets(action, state, environment.absentSecrets)
    Object.assign(event, { secrets })
  }
  const ofApi = environment.strictApi && { misused }
  if (!environment.strictEvent || eventMembers === undefined) return { event, ...ofApi }
  const before = copy(given)
  const callsBefore = state.calls.length
  makeStrict(event, eventMembers, environment.givenEvent ?? given, misused)
  const inspect = () => {
    const problem = lostChange(before, event, state.calls.slice(callsBefore))
    if (problem !== null) misused(problem)
  }
  return { event, inspect, ...ofApi }
}
