/**
 * What a worker thread does: runs one login's Actions or one script, in a context. Loaded by plain
 * Node, so it and what it imports keep to syntax that type stripping can erase.
 */

import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { threadId, workerData } from 'node:worker_threads'
import { type CacheEntries, type CacheWrite, createActionCache } from './action-cache.ts'
import { createActionLoader } from './action-module.ts'
import { runAsynchronousFlow } from './asynchronous-flow.ts'
import { runCredentialsExchangeFlow } from './credentials-exchange-flow.ts'
import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from './credentials-exchange-run.ts'
import { currentRun } from './current-run.ts'
import { runDatabaseScript, type ScriptContainer } from './database-script.ts'
import { messageOf } from './error-message.ts'
import { runPostLoginFlow } from './post-login-flow.ts'
import { runPreUserRegistrationFlow } from './pre-user-registration-flow.ts'
import { createContextRealm } from './realm.ts'
import type {
  AsynchronousOutcome,
  AsynchronousRun,
  PreUserRegistrationOutcome,
  PreUserRegistrationRun,
} from './registration-run.ts'
import { runRulesFlow } from './rules-flow.ts'
import type { RulesOutcome, RulesRun } from './rules-run.ts'
import type {
  DatabaseScriptResult,
  DatabaseScriptRun,
  PostLoginOutcome,
  PostLoginRun,
} from './runtime.ts'
import { sandboxBindings, sandboxGlobals } from './sandbox.ts'
import { markStarted } from './task-start.ts'

/** Given to every thread when it starts. */
export interface WorkerSettings {
  readonly extraCaCertificates: readonly string[]
  readonly strictApi: boolean
  readonly strictEvent: boolean
  readonly strictSecrets: boolean
  readonly timeoutMs: number
  readonly warm: boolean
}

export type Task = { readonly start: SharedArrayBuffer } & (
  | {
      readonly type: 'post-login'
      readonly run: PostLoginRun
      /** The trigger's cache as the execution begins. */
      readonly cache: CacheEntries
    }
  | {
      readonly type: 'credentials-exchange'
      readonly run: CredentialsExchangeRun
      readonly cache: CacheEntries
    }
  | {
      readonly type: 'pre-user-registration'
      readonly run: PreUserRegistrationRun
      readonly cache: CacheEntries
    }
  | { readonly type: 'asynchronous'; readonly run: AsynchronousRun; readonly cache: CacheEntries }
  | { readonly type: 'database-script'; readonly run: DatabaseScriptRun }
  | { readonly type: 'rules'; readonly run: RulesRun }
)

/** What an Action's task leaves in the cache of its trigger. */
interface Cached {
  readonly cacheWrites: readonly CacheWrite[]
}

export type TaskResult =
  | ({ readonly type: 'post-login'; readonly outcome: PostLoginOutcome } & Cached)
  | ({
      readonly type: 'credentials-exchange'
      readonly outcome: CredentialsExchangeOutcome
    } & Cached)
  | ({
      readonly type: 'pre-user-registration'
      readonly outcome: PreUserRegistrationOutcome
    } & Cached)
  | ({ readonly type: 'asynchronous'; readonly outcome: AsynchronousOutcome } & Cached)
  | { readonly type: 'database-script'; readonly outcome: DatabaseScriptResult }
  | { readonly type: 'rules'; readonly outcome: RulesOutcome }
  /** A mistake of the caller, not of the login. */
  | { readonly type: 'misuse'; readonly message: string }

// Piscina puts what it was given second, behind data of its own.
const settings = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSettings
if (settings.extraCaCertificates.length > 0) {
  setDefaultCACertificates([...getCACertificates('default'), ...settings.extraCaCertificates])
}

// What is thrown where nobody catches fails the run it came from, or nobody when that is over: the
// thread, and the logins that share it, go on.
const failRun = (error: unknown) => currentRun.getStore()?.fail(error)
process.on('uncaughtException', failRun)
process.on('unhandledRejection', failRun)

const globals = { ...sandboxGlobals(), ...sandboxBindings() }
const createRealm = () => createContextRealm(globals)
const load = createActionLoader(createRealm, settings.warm)
const openContainer = (): ScriptContainer => ({ realm: createRealm(), global: {} })
let warmContainer: ScriptContainer | undefined

function scriptContainer(): ScriptContainer {
  if (!settings.warm) return openContainer()
  warmContainer ??= openContainer()
  return warmContainer
}

export async function runTask(task: Task): Promise<TaskResult> {
  markStarted(task.start, threadId)
  try {
    return await resultOf(task)
  } catch (error) {
    return { type: 'misuse', message: messageOf(error) }
  }
}

async function resultOf(task: Task): Promise<TaskResult> {
  const { type } = task
  if (type === 'database-script') {
    const outcome = await runDatabaseScript(task.run, scriptContainer(), settings.timeoutMs)
    return { type, outcome }
  }
  if (type === 'rules') {
    return { type, outcome: await runRulesFlow(task.run, scriptContainer(), settings.timeoutMs) }
  }
  return actionsResultOf(task)
}

async function actionsResultOf(task: Extract<Task, { cache: CacheEntries }>): Promise<TaskResult> {
  const { type } = task
  const cache = createActionCache(Date.now, task.cache)
  const environment = { ...settings, load, cache, now: Date.now }
  if (type === 'credentials-exchange') {
    const outcome = await runCredentialsExchangeFlow(task.run, environment)
    return { type, outcome, cacheWrites: cache.writes() }
  }
  if (type === 'pre-user-registration') {
    const outcome = await runPreUserRegistrationFlow(task.run, environment)
    return { type, outcome, cacheWrites: cache.writes() }
  }
  if (type === 'asynchronous') {
    const outcome = await runAsynchronousFlow(task.run, environment)
    return { type, outcome, cacheWrites: cache.writes() }
  }
  const outcome = await runPostLoginFlow(task.run, environment)
  return { type, outcome, cacheWrites: cache.writes() }
}
