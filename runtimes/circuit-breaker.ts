import { type LegacyAnswer, unavailable } from '../core/legacy-answer.ts'

/** Calls given up in a row that open it. */
const limit = 3

/** Milliseconds from one login that finds out to the next. */
const pause = 60_000

/** What one instance remembers. Absent is 0. */
export interface BreakerMemory {
  /** Calls given up since the last that was not. */
  givenUp?: number
  /** Milliseconds since the epoch; 0 while it is closed. */
  openUntil?: number
}

/** What instances, and the Actions of a trigger, tell one another. May fail, lie and forget. */
export interface SharedBreaker {
  /** NaN when nobody has told anything. */
  openUntil(): number
  /** 0 when it closes. */
  tellOpenUntil(instant: number): void
}

/**
 * True when the legacy API is not to be asked: it was gone a moment ago. Costs no timer, no promise
 * and, once this instance knows, no look into the cache.
 *
 * A false answer while it is open is the minute's try, and whoever got it must make the call: nobody
 * else gets another before the minute is over.
 */
export function isOpen(memory: BreakerMemory, shared: SharedBreaker, now: number): boolean {
  let { openUntil = 0 } = memory
  // What is further ahead than a pause nobody has said: rubbish, or the clock was put back.
  if (openUntil > now) return openUntil <= now + pause
  const told = shared.openUntil()
  if (told > openUntil && told <= now + pause) openUntil = told
  memory.openUntil = openUntil
  if (openUntil > now) return true
  if (openUntil > 0) open(memory, shared, now)
  return false
}

/** Takes note of how a call ended. */
export function settle(
  memory: BreakerMemory,
  shared: SharedBreaker,
  givenUp: boolean,
  now: number,
): void {
  memory.givenUp = givenUp ? (memory.givenUp ?? 0) + 1 : 0
  if (memory.givenUp >= limit) open(memory, shared, now)
  if (givenUp || !memory.openUntil) return
  memory.openUntil = 0
  shared.tellOpenUntil(0)
}

function open(memory: BreakerMemory, shared: SharedBreaker, now: number): void {
  memory.openUntil = now + pause
  shared.tellOpenUntil(memory.openUntil)
}

/**
 * True for an answer that tells of the API, and not of one request or user: silence, a token that is
 * not to be had or not taken, an error of the server.
 *
 * @param serverError Least status that counts as one.
 */
export function isGivenUp(answer: LegacyAnswer, serverError: number): boolean {
  if (answer.type !== 'outage') return false
  const { code, status = serverError } = answer
  return (
    code.startsWith('token_') ||
    (code === unavailable.code && (status === 401 || status >= serverError))
  )
}
