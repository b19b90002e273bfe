import { type ActionCache, createActionCache } from './action-cache.ts'
import { createActionLoader } from './action-module.ts'
import { runAsynchronousFlow } from './asynchronous-flow.ts'
import { runCredentialsExchangeFlow } from './credentials-exchange-flow.ts'
import { runDatabaseScript, type ScriptContainer } from './database-script.ts'
import { runPostLoginFlow } from './post-login-flow.ts'
import { runPreUserRegistrationFlow } from './pre-user-registration-flow.ts'
import { createHostRealm } from './realm.ts'
import { runRulesFlow } from './rules-flow.ts'
import type { Runtime } from './runtime.ts'
import { sandboxBindings } from './sandbox.ts'
import { type CachedTrigger, createTriggerCaches } from './trigger-caches.ts'
import type { FlowEnvironment } from './trigger-flow.ts'

// https://auth0.com/docs/customize/actions/limitations
export const defaultTimeoutMs = 20_000

export interface RuntimeOptions {
  /** Milliseconds for all Actions of a login, or for one script. Default 20 000. */
  readonly timeoutMs?: number
  /** Whether instances keep their module state, and scripts their `global`. Default false. */
  readonly warm?: boolean
  /** Whether `api.cache` is empty in every execution, which Auth0 allows itself. Default false. */
  readonly loseCache?: boolean
  /** Whether a run rejects when an Action reads a secret that it was not given. Default false. */
  readonly strictSecrets?: boolean
  /**
   * Whether a run rejects when an Action reads what `api` does not have, also when it catches that, and
   * for what `api` drops without a word.
   */
  readonly strictApi?: boolean
  /** Whether a run rejects when an Action reads what `event` does not have, or changes it in vain. */
  readonly strictEvent?: boolean
}

export interface InProcessOptions extends RuntimeOptions {
  /** Globals of Actions and scripts to replace, such as `fetch`. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** Stand-ins for npm packages, by the name they are required by. */
  readonly modules?: Readonly<Record<string, unknown>>
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  readonly now?: () => number
  /** The cache, to fill or look into. Without it, each trigger has one of its own. */
  readonly cache?: ActionCache
}

/**
 * Runs bundles in this process, for unit tests: what they do is stepped through, mocked and covered as
 * any code. It holds no one back: a bundle that spins or exits takes the process with it. Use
 * `createWorkerRuntime` for bundles that may.
 */
export function createInProcessRuntime(options: InProcessOptions = {}): Runtime {
  const { now = Date.now, timeoutMs = defaultTimeoutMs, warm = false } = options
  const realm = createHostRealm({ ...sandboxBindings(options.modules), ...options.globals })
  const load = createActionLoader(() => realm, warm)
  const { cache, loseCache = false } = options
  const cacheOf = createTriggerCaches(() => createActionCache(now), loseCache)
  const warmContainer: ScriptContainer = { realm, global: {} }
  const container = () => (warm ? warmContainer : { realm, global: {} })
  const environment = (trigger: CachedTrigger): FlowEnvironment => ({
    load,
    cache: loseCache ? cacheOf(trigger) : (cache ?? cacheOf(trigger)),
    now,
    timeoutMs,
    strictApi: options.strictApi ?? false,
    strictEvent: options.strictEvent ?? false,
    strictSecrets: options.strictSecrets ?? false,
  })
  return {
    runPostLogin: (run) => runPostLoginFlow(run, environment('post-login')),
    runCredentialsExchange: (run) =>
      runCredentialsExchangeFlow(run, environment('credentials-exchange')),
    runPreUserRegistration: (run) =>
      runPreUserRegistrationFlow(run, environment('pre-user-registration')),
    runAsynchronous: (run) => runAsynchronousFlow(run, environment(run.trigger)),
    runDatabaseScript: (run) => runDatabaseScript(run, container(), timeoutMs),
    runRules: (run) => runRulesFlow(run, container(), timeoutMs),
    close: async () => {},
  }
}
