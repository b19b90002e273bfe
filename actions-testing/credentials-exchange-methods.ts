import type { Methods, Turn } from './api-method.ts'
import { anything, name, oneOf, optional, text } from './argument-checks.ts'
import { cacheMethods } from './cache-methods.ts'
import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
  ExchangeDenialCode,
} from './credentials-exchange-run.ts'
import { ignoredClaim, reachesAccessToken } from './custom-claims.ts'
import { targetScopeMethods } from './target-scope-methods.ts'
import type { TriggerState } from './trigger-state.ts'
import type { Event } from './types/credentials-exchange/v2.ts'

export interface ExchangeState extends TriggerState {
  readonly event: CredentialsExchangeRun['event']
  denied: CredentialsExchangeOutcome['denied']
  readonly accessTokenClaims: Map<string, unknown>
  targetScopes: readonly string[] | null
}

export type ExchangeTurn = Turn<ExchangeState, Event>

/** Every namespace and method of the reference page. */
export const exchangeMethods: Methods<ExchangeTurn> = {
  access: {
    deny: {
      parameters: [
        ['code', oneOf('invalid_request', 'invalid_scope', 'server_error')],
        ['reason', optional(text)],
      ],
      run({ state, action }, code, reason) {
        denyExchange(
          state,
          action,
          code as ExchangeDenialCode,
          reason === undefined ? null : String(reason),
        )
      },
    },
  },
  accessToken: {
    setCustomClaim: {
      parameters: [
        ['key', name],
        ['value', anything],
      ],
      run({ misused, state }, key, value) {
        const problem = ignoredClaim(String(key))
        if (problem !== null) misused?.(problem)
        if (value === undefined || !reachesAccessToken(String(key), state.event)) return
        state.accessTokenClaims.set(String(key), value)
      },
    },
  },
  cache: cacheMethods,
  transaction: targetScopeMethods,
}

/** The docs do not say which of two stands (assumption `first-denial-stands-in-other-triggers`). */
export function denyExchange(
  state: ExchangeState,
  action: string,
  code: ExchangeDenialCode,
  reason: string | null,
): void {
  state.denied ??= { code, reason, action }
}
