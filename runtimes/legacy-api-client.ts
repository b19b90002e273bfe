import type { HttpRequest, HttpResponse } from '../core/http-message.ts'
import type { LegacyAnswer, Outage } from '../core/legacy-api.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { getAccessToken, type TokenCache, type TokenMemory } from './access-tokens.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'

/** A call of the contract: what to send, and what the answer means. */
export interface LegacyCall {
  readonly request: HttpRequest
  readonly process: (response: HttpResponse) => LegacyAnswer
  /** Attempts, at most. One for what must not be repeated. */
  readonly attempts: number
  /** Milliseconds for all of it: token, attempts, pauses. */
  readonly budget: number
}

/** What a caller has at hand. */
export interface LegacyApi {
  readonly settings: LegacyApiSettings
  readonly memory: TokenMemory
  readonly cache: TokenCache
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Asks the legacy API. Never throws, and never outlasts the budget.
 *
 * A 401 that is no business answer is a token gone bad: it is replaced once, and the call sent once
 * more, even one that is not repeatable, since the first was turned away at the door.
 */
export async function callLegacyApi(call: LegacyCall, api: LegacyApi): Promise<LegacyAnswer> {
  const attempts = { deadline: api.now() + call.budget, count: call.attempts, now: api.now }
  const first = await tokenInTime(api, attempts)
  if (!('value' in first)) return first
  const answer = await send(call, attempts, first.value)
  if (!isRefusedToken(answer)) return answer
  const second = await tokenInTime(api, attempts, first.value)
  if (!('value' in second)) return second
  return send(call, attempts, second.value)
}

async function send(call: LegacyCall, attempts: Attempts, token: string): Promise<LegacyAnswer> {
  const response = await sendRepeatedly(call.request, attempts, token)
  if (response === null) return { type: 'outage', code: 'legacy_api_unavailable' }
  return call.process(response)
}

function isRefusedToken(answer: LegacyAnswer): boolean {
  return answer.type === 'outage' && answer.status === 401
}

/** A request that another login has started may take longer than this one has. */
async function tokenInTime(api: LegacyApi, attempts: Attempts, refused?: string) {
  const { settings, memory, cache } = api
  const retried = { ...attempts, count: Math.min(attempts.count, 2) }
  const token = getAccessToken(settings, memory, cache, retried, refused)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Outage>((resolve) => {
    const giveUp = () => resolve({ type: 'outage', code: 'token_unavailable' })
    timer = setTimeout(giveUp, attempts.deadline - attempts.now())
  })
  try {
    return await Promise.race([token, late])
  } finally {
    clearTimeout(timer)
  }
}
