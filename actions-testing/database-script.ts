import { type CurrentRun, currentRun } from './current-run.ts'
import { databaseErrors } from './database-errors.ts'
import { copyJson, isPlainObject, kindOf } from './json-value.ts'
import { messageOf } from './post-login-flow.ts'
import type { Realm } from './realm.ts'
import type { DatabaseScriptOutcome, DatabaseScriptResult, DatabaseScriptRun } from './runtime.ts'
import { withinTime } from './time-limit.ts'

/** What a container keeps for scripts: their realm, and the object they know as `global`. */
export interface ScriptContainer {
  readonly realm: Realm
  readonly global: Record<string, unknown>
}

type Script = (...args: unknown[]) => unknown
/** Every way in which the script was heard of, in order. */
type Answer =
  | { readonly by: 'callback'; readonly error: unknown; readonly profile: unknown }
  | { readonly by: 'throw'; readonly error: unknown }

/**
 * Runs a custom database script. It has to call back exactly once: a second call is seen when it
 * comes before the next turn of the event loop.
 *
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/templates
 */
export async function runDatabaseScript(
  run: DatabaseScriptRun,
  container: ScriptContainer,
  timeoutMs: number,
): Promise<DatabaseScriptResult> {
  const started = performance.now()
  const answers: Answer[] = []
  let stopWaiting = () => {}
  const heard = new Promise<void>((resolve) => {
    stopWaiting = resolve
  })
  const hear = (answer: Answer) => {
    answers.push(answer)
    stopWaiting()
  }
  const current: CurrentRun = { log: '', fail: (error) => hear({ by: 'throw', error }) }
  currentRun.run(current, () => callScript(run, container, hear))
  const inTime = await withinTime(heard, timeoutMs)
  await nextTurn()
  const outcome = inTime
    ? outcomeOf(run, answers)
    : none(run, `did not call back within ${timeoutMs} ms`)
  const logs = current.log.split('\n').filter((line) => line !== '')
  return { outcome, logs, elapsedMs: performance.now() - started }
}

function callScript(
  run: DatabaseScriptRun,
  container: ScriptContainer,
  hear: (answer: Answer) => void,
): void {
  const failed = (error: unknown) => hear({ by: 'throw', error })
  const callback = (error?: unknown, profile?: unknown) => hear({ by: 'callback', error, profile })
  try {
    const script = loadScript(run, container)
    const args = container.realm.parse(JSON.stringify(run.args)) as unknown[]
    const returned = script(...args, callback)
    if (isThenable(returned)) returned.then(undefined, failed)
  } catch (error) {
    failed(error)
  }
}

function loadScript(run: DatabaseScriptRun, { realm, global }: ScriptContainer): Script {
  const configuration = Object.freeze(realm.parse(JSON.stringify(run.configuration)))
  const script = realm.evaluate(`return (${run.code.trim()}\n)`, `${run.script}.js`, {
    ...databaseErrors,
    configuration,
    global,
  })
  if (typeof script !== 'function') throw new TypeError('the source is not one function')
  return script as Script
}

function outcomeOf(run: DatabaseScriptRun, answers: readonly Answer[]): DatabaseScriptOutcome {
  const [answer] = answers
  if (answers.length > 1) {
    const threw = answers.some(({ by }) => by === 'throw')
    return none(run, threw ? 'called back and threw' : `called back ${answers.length} times`)
  }
  if (answer === undefined || answer.by === 'throw') {
    return none(run, `threw: ${messageOf(answer?.error)}`)
  }
  return answer.error ? errorOutcome(answer.error) : profileOutcome(run, answer.profile)
}

function profileOutcome(run: DatabaseScriptRun, profile: unknown): DatabaseScriptOutcome {
  if (profile === null || profile === undefined || profile === false) return { type: 'not-found' }
  if (!isPlainObject(profile)) return none(run, `called back with ${kindOf(profile)} for a profile`)
  try {
    const copy = copyJson(profile, 'profile') as Readonly<Record<string, unknown>>
    return { type: 'profile', profile: copy }
  } catch (reason) {
    return none(run, `called back with a profile of which ${messageOf(reason)}`)
  }
}

function errorOutcome(error: unknown): DatabaseScriptOutcome {
  const message = messageOf(error)
  if (typeof error !== 'object' || error === null) return { type: 'error', name: 'Error', message }
  const name = 'name' in error ? String(error.name) : 'Error'
  if (name !== 'WrongUsernameOrPasswordError' || !('userNameOrEmail' in error)) {
    return { type: 'error', name, message }
  }
  return { type: 'error', name, message, knownUser: Boolean(error.userNameOrEmail) }
}

function none({ script }: DatabaseScriptRun, what: string): DatabaseScriptOutcome {
  return { type: 'none', message: `The script ${script} ${what}` }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}

// Taken at load, so that a test's fake timers cannot hold it back.
const { setImmediate, setTimeout } = globalThis

/** One round through timers and one through immediates: what was due next has run. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0))
  await new Promise((resolve) => setImmediate(resolve))
}
