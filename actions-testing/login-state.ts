import type { ActionCache } from './action-cache.ts'
import { exceedsTokenLimit } from './custom-claims.ts'
import type { MetadataChanges } from './metadata-changes.ts'
import type { ApiCall, PostLoginOutcome, PostLoginRun } from './runtime.ts'
import type { TransactionMetadataValue } from './types/post-login/transaction.ts'

// https://auth0.com/docs/customize/actions/limitations
const maxLogCharacters = 256

/** What the Actions of one login have asked for so far. */
export interface LoginState {
  readonly event: PostLoginRun['event']
  readonly cache: ActionCache
  readonly now: () => number
  denied: PostLoginOutcome['denied']
  interaction: PostLoginOutcome['interaction']
  primaryUser: string | null
  /** Set once the trigger is done or out of time: no call counts after that. */
  over: boolean
  /** A mistake of the test, not of the login: rejects the run. */
  misuse: Error | null
  readonly appMetadata: MetadataChanges
  readonly userMetadata: MetadataChanges
  readonly transactionMetadata: Map<string, TransactionMetadataValue>
  readonly idTokenClaims: Map<string, unknown>
  readonly accessTokenClaims: Map<string, unknown>
  readonly addedScopes: Set<string>
  readonly removedScopes: Set<string>
  readonly calls: ApiCall[]
  /** What each Action wrote to its console, all of it. */
  readonly logs: { readonly action: string; log: string }[]
}

export function startLogin(
  event: PostLoginRun['event'],
  cache: ActionCache,
  now: () => number,
): LoginState {
  return {
    event,
    cache,
    now,
    denied: null,
    interaction: null,
    primaryUser: null,
    over: false,
    misuse: null,
    appMetadata: new Map(),
    userMetadata: new Map(),
    transactionMetadata: new Map(Object.entries(event.transaction?.metadata ?? {})),
    idTokenClaims: new Map(),
    accessTokenClaims: new Map(),
    addedScopes: new Set(),
    removedScopes: new Set(),
    calls: [],
    logs: [],
  }
}

/** The first denial stands: the docs do not say which of two does. */
export function deny(login: LoginState, action: string, reason: string): void {
  login.denied ??= { reason, action }
}

/** Ends the login and says what Auth0 is to do with it. */
export function finishLogin(login: LoginState, elapsedMs: number): PostLoginOutcome {
  login.over = true
  const idTokenClaims = Object.fromEntries(login.idTokenClaims)
  const accessTokenClaims = Object.fromEntries(login.accessTokenClaims)
  denyOverTokenLimit(login, 'idToken', idTokenClaims)
  denyOverTokenLimit(login, 'accessToken', accessTokenClaims)
  return {
    denied: login.denied,
    interaction: login.denied === null ? login.interaction : null,
    primaryUser: login.primaryUser,
    appMetadata: Object.fromEntries(login.appMetadata),
    userMetadata: Object.fromEntries(login.userMetadata),
    transactionMetadata: Object.fromEntries(login.transactionMetadata),
    idTokenClaims,
    accessTokenClaims,
    addedScopes: [...login.addedScopes],
    removedScopes: [...login.removedScopes],
    calls: login.calls,
    logs: login.logs
      .map(({ action, log }) => ({ action, text: log.slice(0, maxLogCharacters).trimEnd() }))
      .filter(({ text }) => text !== ''),
    elapsedMs,
  }
}

function denyOverTokenLimit(
  login: LoginState,
  token: 'accessToken' | 'idToken',
  claims: Readonly<Record<string, unknown>>,
): void {
  if (!exceedsTokenLimit(claims)) return
  const last = login.calls.findLast(({ method }) => method === `${token}.setCustomClaim`)
  deny(login, last?.action ?? '', `Custom claims of the ${token} exceed 100 KB`)
}
