import type { HttpRequest, HttpResponse } from '../core/http-message.ts'
import { type LegacyAnswer, unavailable } from '../core/legacy-answer.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { getAccessToken, type SharedTokens, type TokenMemory } from './access-tokens.ts'
import { type BreakerMemory, isGivenUp, type SharedBreaker, settle } from './circuit-breaker.ts'
import { type Attempts, firstTimeout, type PaceMemory, sendRepeatedly } from './send-request.ts'

/** A call of the contract: what to send, and what the answer means. */
export interface LegacyCall {
  readonly request: HttpRequest
  readonly process: (response: HttpResponse) => LegacyAnswer
  /** True for what must not be repeated. Its token may be asked for again all the same. */
  readonly once?: boolean
}

/** How long a caller waits. */
export interface Patience {
  /** Attempts, at most, at a token and at the call. */
  readonly attempts: number
  /** Milliseconds for all of it: token, attempts, pauses. */
  readonly budget: number
}

/** What outlives a login in one instance. */
export type InstanceMemory = TokenMemory & BreakerMemory & PaceMemory

/** What instances share, where the runtime has such a thing. */
export type SharedMemory = SharedTokens & SharedBreaker

/** What a caller has at hand. */
export interface LegacyApi {
  readonly settings: LegacyApiSettings
  readonly memory: InstanceMemory
  readonly shared: SharedMemory
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Least HTTP status that tells of a server in trouble, rather than of one request. */
  readonly serverError: number
}

/**
 * Asks the legacy API. Never throws, and never outlasts the budget. For callers whom the circuit
 * breaker lets through: it is told how the call ended.
 *
 * @param ask Of another store, where one call takes more than one request.
 */
export async function callLegacyApi(
  call: LegacyCall,
  { attempts: count, budget }: Patience,
  api: LegacyApi,
  ask = askTwice,
): Promise<LegacyAnswer> {
  const { memory, now } = api
  const attempts = { deadline: now() + budget, count, first: firstTimeout(budget, memory), now }
  const answer = await ask(call, attempts, api)
  settle(memory, api.shared, isGivenUp(answer, api.serverError), now())
  return answer
}

/**
 * A 401 that is no business answer is a token gone bad: it is replaced once, and the call sent once
 * more, even one that is not repeatable, since the first was turned away at the door.
 */
export async function askTwice(
  call: LegacyCall,
  attempts: Attempts,
  api: LegacyApi,
): Promise<LegacyAnswer> {
  const first = await getAccessToken(api, attempts)
  if (!('value' in first)) return first
  const answer = await send(call, attempts, first.value, api)
  if (answer.type !== 'outage' || answer.status !== 401) return answer
  const second = await getAccessToken(api, attempts, first.value)
  if (!('value' in second)) return second
  return send(call, attempts, second.value, api)
}

async function send(
  call: LegacyCall,
  attempts: Attempts,
  token: string,
  { memory }: LegacyApi,
): Promise<LegacyAnswer> {
  const patience = call.once ? { ...attempts, count: 1 } : attempts
  const response = await sendRepeatedly(call.request, patience, token, memory)
  if (response === null) return unavailable
  return call.process(response)
}
