import { decideGetUser, decideLogin, type ScriptDecision } from '../core/database-scripts.ts'
import type { LegacyAnswer } from '../core/legacy-answer.ts'
import { readLegacyApiSettings } from '../core/legacy-api-settings.ts'
import { type LogEntry, logLine } from '../core/log-line.ts'
import { type MigrationConfig, scriptsBudget } from '../core/migration-config.ts'
import { readPhase } from '../core/phase.ts'
import type { PlainObject } from '../core/plain-object.ts'
import type { SettingValues } from '../core/settings.ts'
import { isOpen } from './circuit-breaker.ts'
import { scriptsClient } from './client-secret.ts'
import type { InstanceMemory, LegacyApi, SharedMemory } from './legacy-api-client.ts'
import { checkPassword, findUser, messageOf } from './legacy-scripts.ts'

/** `callback(error)`, `callback(null, profile)`, `callback(null, null)`. */
type ScriptReply = readonly [Error] | readonly [null, PlainObject | null]
type ScriptCallback = (...reply: ScriptReply) => void

// What Auth0 puts into a script's scope: not modules, but free names.
// https://auth0.com/docs/authenticate/database-connections/custom-db/create-db-connection
declare const configuration: SettingValues
declare const WrongUsernameOrPasswordError: new (userNameOrEmail: string, message: string) => Error

/** A script is evaluated anew at each call: what is to last stands in `global`. */
const lasting = global as { legacyMigration?: InstanceMemory }

/** There is no cache: what is in `global` is all there is. */
const shared: SharedMemory = {
  token: () => undefined,
  keepToken() {},
  openUntil: () => 0,
  tellOpenUntil() {},
}

/**
 * Least HTTP status of the legacy API that a script takes for an outage. A plain 500 may be one odd
 * identifier's doing, and whoever sends it three times must not lock everybody else out for a minute.
 */
const serverError = 502

/**
 * The `login` script: `(userNameOrEmail, password, callback)`, with a `context` before the callback on
 * connections that have `enable_script_context`.
 */
export function loginScript(config: MigrationConfig, now: () => number = Date.now) {
  return function login(...args: readonly unknown[]): void {
    const [identifier, password] = args
    const work = run('login', config, now, {
      ask: (budget, api) => checkPassword(String(identifier), String(password), budget, api),
      decide: (answer) => decideLogin(answer, config, now()),
    })
    conclude('login', work, args)
  }
}

/** The `get_user` script: `(email, callback)`, or with a `context` before the callback. */
export function getUserScript(config: MigrationConfig, now: () => number = Date.now) {
  return function getUser(...args: readonly unknown[]): void {
    const identifier = String(args[0])
    const work = run('get_user', config, now, {
      ask: (budget, api) => findUser(identifier, budget, api),
      decide: (answer) => decideGetUser(answer, config, now()),
    })
    conclude('get_user', work, args)
  }
}

interface ScriptStep {
  readonly ask: (budget: number, api: LegacyApi) => Promise<LegacyAnswer>
  readonly decide: (answer: LegacyAnswer) => ScriptDecision
}

async function run(
  name: string,
  config: MigrationConfig,
  now: () => number,
  step: ScriptStep,
): Promise<ScriptDecision> {
  const phase = readPhase(configuration)
  if (phase === 'complete') return { type: 'not-found' }
  const answer = await askUnlessOpen(config, now, step)
  const decision = step.decide(answer)
  const entry = entryOf(answer, decision)
  if (entry !== null) log(name, entry)
  else if (phase === null) log(name, { code: 'setting_invalid', settings: ['MIGRATION_PHASE'] })
  return decision
}

async function askUnlessOpen(
  config: MigrationConfig,
  now: () => number,
  { ask }: ScriptStep,
): Promise<LegacyAnswer> {
  lasting.legacyMigration ??= {}
  const memory = lasting.legacyMigration
  // Never a word about the user: somebody who is not asked for may well exist.
  if (isOpen(memory, shared, now())) return { type: 'outage', code: 'legacy_api_circuit_open' }
  const settings = readLegacyApiSettings(configuration, scriptsClient)
  if ('code' in settings) return { type: 'outage', ...settings }
  const budget = config.scripts?.budget ?? scriptsBudget
  return ask(budget, { settings, memory, shared, now, serverError })
}

/** What is worth a line: why nobody got in, or what stayed behind of somebody who did. */
function entryOf(answer: LegacyAnswer, decision: ScriptDecision): LogEntry | null {
  if (decision.type === 'profile') {
    return decision.warning === undefined ? null : { code: decision.warning }
  }
  if (decision.type !== 'error') return null
  const { code } = decision
  if (answer.type !== 'outage') return { code }
  const { type: _, ...outage } = answer
  return { ...outage, code }
}

/**
 * Calls back once, by construction: the reply is made first, whatever goes wrong on the way is another
 * reply, and what the callback itself throws is not ours to catch.
 */
function conclude(name: string, work: Promise<ScriptDecision>, args: readonly unknown[]): void {
  const callback = args.at(-1) as ScriptCallback
  const identifier = String(args[0])
  work
    .then((decision) => replyOf(decision, identifier))
    .catch(() => {
      // Its message may quote a profile: only the code is told.
      log(name, { code: 'unexpected_error' })
      return [new Error(messageOf('unexpected_error'))] as const
    })
    .then((reply) => callback(...reply))
}

function replyOf(decision: ScriptDecision, identifier: string): ScriptReply {
  switch (decision.type) {
    case 'profile':
      return [null, decision.profile]
    case 'not-found':
      return [null, null]
    case 'wrong-credentials':
      // The first argument is what Auth0's own log shows of the user: fp, not fu.
      // https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling
      return [new WrongUsernameOrPasswordError(identifier, 'Wrong username or password.')]
    case 'error':
      return [new Error(messageOf(decision.code))]
  }
}

function log(name: string, entry: LogEntry): void {
  console.log(logLine(name, entry))
}
