import type { ActionCache } from './action-cache.ts'
import type { ApiCall } from './runtime.ts'

// https://auth0.com/docs/customize/actions/limitations
const maxLogCharacters = 256

/** What every execution of a trigger keeps, whichever trigger it is. */
export interface TriggerState {
  readonly cache: ActionCache
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Set once the trigger is done or out of time: no call counts after that. */
  over: boolean
  /** What the first Action that failed threw: it denies as `api.access.deny` does, and is no denial. */
  uncaught: { readonly error: unknown /** Nobody threw it. */; readonly limit?: true } | null
  /** A mistake of the test, not of the execution: rejects the run. */
  misuse: Error | null
  readonly calls: ApiCall[]
  /** What each Action wrote to its console, all of it. */
  readonly logs: { readonly action: string; log: string }[]
}

export function startTrigger(cache: ActionCache, now: () => number): TriggerState {
  return {
    cache,
    now,
    over: false,
    uncaught: null,
    misuse: null,
    calls: [],
    logs: [],
  }
}

/** What Auth0 keeps of the consoles: 256 characters an Action. */
export function keptLogs({ logs }: TriggerState): { action: string; text: string }[] {
  return logs
    .map(({ action, log }) => ({ action, text: log.slice(0, maxLogCharacters).trimEnd() }))
    .filter(({ text }) => text !== '')
}
