import {
  type AccessToken,
  accessTokenCacheKey,
  accessTokenRequest,
  processAccessTokenResponse,
  tokenUnavailable,
} from '../core/access-token.ts'
import type { Outage } from '../core/legacy-answer.ts'
import type { LegacyApiSettings } from '../core/settings.ts'
import { clientProof } from './client-secret.ts'
import { type Attempts, sendRepeatedly } from './send-request.ts'

/**
 * Milliseconds for the first of several attempts. Not by the pace of the legacy API: a request that was
 * not waited for is a token all the same, and Auth0 counts tokens.
 */
const firstTimeout = 500

/** What outlives a login: kept in the module where the runtime keeps modules, else in `global`. */
export interface TokenMemory {
  /** By what they were issued for: a secret that changes meets no token of before. */
  tokens?: Record<string, TokenSlot>
}

interface TokenSlot {
  held?: AccessToken | undefined
  pending?: Promise<AccessToken | Outage> | undefined
}

/** What outlives the instance, where the runtime has such a thing. May fail, lie and forget. */
export interface SharedTokens {
  token(key: string, audience: string): AccessToken | undefined
  keepToken(key: string, token: AccessToken): void
}

export interface TokenSource {
  readonly settings: LegacyApiSettings
  readonly memory: TokenMemory
  readonly shared: SharedTokens
}

/**
 * Gives the application's access token: from memory, from what instances share, or from the token
 * endpoint, which is asked once however many logins wait.
 *
 * @param refused A token that the legacy API has just refused: whatever holds it is passed over.
 */
export async function getAccessToken(
  { settings, memory, shared }: TokenSource,
  attempts: Attempts,
  refused?: string,
): Promise<AccessToken | Outage> {
  const key = accessTokenCacheKey(settings)
  memory.tokens ??= {}
  memory.tokens[key] ??= {}
  const slot = memory.tokens[key]
  const usable = (token: AccessToken | undefined): token is AccessToken =>
    token !== undefined && token.value !== refused && token.usableUntil > attempts.now()
  if (usable(slot.held)) return slot.held
  if (slot.pending !== undefined) return inTime(slot.pending, attempts, tokenUnavailable)
  slot.held = shared.token(key, settings.audience)
  if (usable(slot.held)) return slot.held
  slot.pending = requestAccessToken(settings, attempts)
  const issued = await slot.pending
  slot.pending = undefined
  if ('value' in issued) {
    slot.held = issued
    shared.keepToken(key, issued)
  }
  return issued
}

/**
 * Another login's request may take longer than this login has.
 *
 * @param late What there is then.
 */
export function inTime<Result>(
  pending: Promise<Result>,
  { deadline, now }: Attempts,
  late: Result,
): Promise<Result> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deadline - now(), late)
    pending.then((result) => {
      clearTimeout(timer)
      resolve(result)
    })
  })
}

async function requestAccessToken(
  settings: LegacyApiSettings,
  attempts: Attempts,
): Promise<AccessToken | Outage> {
  const askedAt = attempts.now()
  const proof = await clientProof(settings, askedAt)
  if ('code' in proof) return proof
  const request = accessTokenRequest(settings, proof)
  const response = await sendRepeatedly(request, { ...attempts, first: firstTimeout })
  if (response === null) return tokenUnavailable
  return processAccessTokenResponse(response, askedAt)
}
