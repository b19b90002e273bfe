import type { ActionCache } from './action-cache.ts'
import { failedExchange } from './credentials-exchange-flow.ts'
import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from './credentials-exchange-run.ts'
import { finishLogin, startLogin } from './login-state.ts'
import { failedRegistration } from './pre-user-registration-flow.ts'
import type {
  AsynchronousOutcome,
  AsynchronousRun,
  PreUserRegistrationOutcome,
  PreUserRegistrationRun,
} from './registration-run.ts'
import type { DatabaseScriptResult, PostLoginOutcome, PostLoginRun } from './runtime.ts'
import type { PoolResult } from './worker-pool.ts'

/** What a login comes to, whatever became of the thread that it was in. */
export function loginOutcome(
  result: PoolResult,
  run: PostLoginRun,
  cache: ActionCache,
  timeoutMs: number,
): PostLoginOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'post-login') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const failed = finishLogin(startLogin(run, cache, Date.now), timeoutMs)
  const action = run.actions.at(-1)?.name ?? ''
  return { ...failed, denied: { action, reason: `Actions ${whatHappened(result, timeoutMs)}` } }
}

export function exchangeOutcome(
  result: PoolResult,
  run: CredentialsExchangeRun,
  cache: ActionCache,
  timeoutMs: number,
): CredentialsExchangeOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'credentials-exchange') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const action = run.actions.at(-1)?.name ?? ''
  return failedExchange(action, `Actions ${whatHappened(result, timeoutMs)}`)
}

export function registrationOutcome(
  result: PoolResult,
  run: PreUserRegistrationRun,
  cache: ActionCache,
  timeoutMs: number,
): PreUserRegistrationOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'pre-user-registration') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const action = run.actions.at(-1)?.name ?? ''
  return failedRegistration(action, `Actions ${whatHappened(result, timeoutMs)}`)
}

export function asynchronousOutcome(
  result: PoolResult,
  run: AsynchronousRun,
  cache: ActionCache,
  timeoutMs: number,
): AsynchronousOutcome {
  if (result.type === 'misuse') throw new Error(result.message)
  if (result.type === 'asynchronous') {
    cache.apply(result.cacheWrites)
    return result.outcome
  }
  const action = run.actions.at(-1)?.name ?? ''
  const reason = `Actions ${whatHappened(result, timeoutMs)}`
  return { failed: { action, reason }, calls: [], logs: [], elapsedMs: timeoutMs }
}

export function scriptFailure(message: string): DatabaseScriptResult {
  return { outcome: { type: 'none', message }, logs: [], elapsedMs: 0 }
}

export function whatHappened(result: PoolResult, timeoutMs: number): string {
  if (result.type === 'over-time') return `took longer than ${timeoutMs} ms`
  return result.type === 'lost' ? `lost their thread: ${result.message}` : 'gave no answer'
}
