import { answerOf, type Heard, hearOnce } from './callback-once.ts'
import { databaseErrors } from './database-errors.ts'
import { messageOf, nameOf } from './error-message.ts'
import { copyJson, isPlainObject, kindOf } from './json-value.ts'
import type { Realm } from './realm.ts'
import type { DatabaseScriptOutcome, DatabaseScriptResult, DatabaseScriptRun } from './runtime.ts'

/** What a container keeps for scripts: their realm, and the object they know as `global`. */
export interface ScriptContainer {
  readonly realm: Realm
  readonly global: Record<string, unknown>
}

type Script = (...args: unknown[]) => unknown

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
  const heard = await hearOnce((callback) => {
    const script = loadScript(run, container)
    return script(...(container.realm.copy(run.args) as unknown[]), callback)
  }, timeoutMs)
  const outcome = heard.inTime
    ? outcomeOf(run, heard)
    : none(run, `did not call back within ${timeoutMs} ms`)
  const logs = heard.log.split('\n').filter((line) => line !== '')
  return { outcome, logs, elapsedMs: performance.now() - started }
}

function loadScript(run: DatabaseScriptRun, { realm, global }: ScriptContainer): Script {
  const configuration = Object.freeze(realm.copy(run.configuration))
  const script = realm.evaluate(`return (${run.code.trim()}\n)`, `${run.script}.js`, {
    ...databaseErrors,
    configuration,
    global,
  })
  if (typeof script !== 'function') throw new TypeError('the source is not one function')
  return script as Script
}

function outcomeOf(run: DatabaseScriptRun, heard: Heard): DatabaseScriptOutcome {
  const answer = answerOf(heard)
  if (typeof answer === 'string') return none(run, answer)
  const [error, profile] = answer
  return error ? errorOutcome(error) : profileOutcome(run, profile)
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
  const name = nameOf(error)
  if (name !== 'WrongUsernameOrPasswordError') return { type: 'error', name, message }
  const { userNameOrEmail } = error as { readonly userNameOrEmail?: unknown }
  return { type: 'error', name, message, knownUser: Boolean(userNameOrEmail) }
}

function none({ script }: DatabaseScriptRun, what: string): DatabaseScriptOutcome {
  return { type: 'none', message: `The script ${script} ${what}` }
}
