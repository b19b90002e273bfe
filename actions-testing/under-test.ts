import { createActionCache } from './action-cache.ts'
import { checkDeployable } from './action-limits.ts'
import { type ActionUnderTest, loaderOf } from './action-under-test.ts'
import { messageOf } from './error-message.ts'
import { seedOf } from './event.ts'
import { checkEvent } from './event-checks.ts'
import type { EventMembers } from './event-shape.ts'
import { isPlainObject, kindOf } from './json-value.ts'
import type { RunPostLoginOptions } from './run-action.ts'
import type { DeployedAction } from './runtime.ts'
import { unknownMember } from './strict-members.ts'
import { strictOutcome } from './strict-outcome.ts'
import { noWayBack, whyFailed } from './test-failures.ts'
import type { FlowEnvironment, Followed } from './trigger-flow.ts'

/** One Action, and what it is run with. */
interface ActionTest {
  readonly action: ActionUnderTest
  /** The export that runs. */
  readonly handler: string
  readonly event: object
  /** The event as the test gave it: all of it, or what is different. */
  readonly given: object
  readonly members: EventMembers
}

/** `seed` is that of the event, null when it is not known. */
export type Seeded<Outcome> = Outcome & { readonly seed: number | null }

type Options = RunPostLoginOptions

/** Test runners end a test after five seconds, and do not say what it waited for. */
const defaultTimeoutMs = 4_000
const optionNames = [
  'cache',
  'directory',
  'globals',
  'modules',
  'name',
  'now',
  'resume',
  'secrets',
  'seed',
  'timeoutMs',
  'uncaught',
] satisfies readonly (keyof Options)[]
const loginOptions: ReadonlySet<string> = new Set(['directory', 'resume'])

/** Runs one Action as strictly as can be: see `runAction`. */
export async function underTest<Outcome extends object>(
  test: ActionTest,
  options: Options,
  follow: (
    actions: readonly DeployedAction[],
    environment: FlowEnvironment,
  ) => Promise<Followed<Outcome>>,
): Promise<Seeded<Outcome>> {
  const { action, event, handler, members } = test
  const { name = 'an-action' } = options
  const seed = seedOf(event)
  const note = seed === null ? '' : ` (event seed ${seed})`
  const code = typeof action === 'string' ? action : ''
  const deployed = { name, code, secrets: givenSecrets(options) }
  checkDeployable(deployed)
  try {
    checkOptions(options, handler)
    checkAction(action)
    checkEvent(event, members)
    const { environment, exported } = environmentOf(test, options)
    const { outcome, uncaught } = await follow([deployed], environment)
    if (uncaught !== null && options.uncaught !== 'deny') {
      throw whyFailed(name, uncaught, { handler, exported: exported(), code })
    }
    const stuck = typeof action === 'function' ? null : noWayBack(name, outcome, exported())
    if (stuck !== null) throw stuck
    return strictOutcome({ ...outcome, seed }, 'outcome', note)
  } catch (cause) {
    const { cause: deeper = cause } = cause as Error
    throw new Error(`${messageOf(cause)}${note}`, { cause: deeper })
  }
}

function checkOptions(options: Options, handler: string): void {
  const ofLogins = handler !== 'onExecuteCredentialsExchange'
  const names = optionNames.filter((name) => ofLogins || !loginOptions.has(name))
  const unknown = Object.keys(options).find((name) => !names.some((known) => known === name))
  if (unknown !== undefined) throw new TypeError(unknownMember('options', unknown, names))
}

function checkAction(action: unknown): void {
  const isModule = Object.prototype.toString.call(action) === '[object Module]'
  if (isModule || isPlainObject(action) || ['function', 'string'].includes(typeof action)) return
  throw new TypeError(
    `the Action has to be the text of a bundle, a handler or a module, not ${kindOf(action)}`,
  )
}

function givenSecrets({ secrets = {} }: Options): Record<string, string> {
  const given = Object.entries(secrets).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(given)
}

interface TestEnvironment {
  readonly environment: FlowEnvironment
  /** Names that the Action exports, once it is loaded; null before. */
  readonly exported: () => readonly string[] | null
}

function environmentOf({ action, given, handler }: ActionTest, options: Options): TestEnvironment {
  const { now = Date.now, timeoutMs = defaultTimeoutMs } = options
  const load = loaderOf(action, handler, options)
  let exported: readonly string[] | null = null
  const environment: FlowEnvironment = {
    load(deployed) {
      const module = load(deployed)
      exported = Object.keys(module.exports)
      return module
    },
    cache: options.cache ?? createActionCache(now),
    now,
    timeoutMs,
    strictApi: true,
    strictEvent: true,
    strictSecrets: true,
    absentSecrets: Object.keys(options.secrets ?? {}),
    givenEvent: given,
  }
  return { environment, exported: () => exported }
}
