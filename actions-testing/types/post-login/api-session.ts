import type { TransactionMetadataValue } from './transaction.ts'

/** `api.session` (Enterprise). Of several expiries the earliest holds. */
export interface SessionAPI {
  /** Ends the session and denies this login; no later Action runs. */
  revoke(reason: string, options?: { readonly preserveRefreshTokens?: boolean }): void
  /** Milliseconds since the Unix epoch. */
  setExpiresAt(absolute: number): void
  /** Milliseconds since the Unix epoch. */
  setIdleExpiresAt(inactivity: number): void
  setCookieMode(mode: 'non-persistent' | 'persistent'): void
  /** `null` deletes the key. */
  setMetadata(key: string, value: string | null): void
  deleteMetadata(key: string): void
  /** Deletes all keys. */
  evictMetadata(): void
}

/** `api.refreshToken` (Enterprise). */
export interface RefreshTokenAPI {
  /** Revokes the token and denies the exchange. Only when the protocol is `oauth2-refresh-token`. */
  revoke(reason: string): void
  /** Milliseconds since the Unix epoch. */
  setExpiresAt(absolute: number): void
  /** Milliseconds since the Unix epoch. */
  setIdleExpiresAt(inactivity: number): void
  /** `null` deletes the key. */
  setMetadata(key: string, value: string | null): void
  deleteMetadata(key: string): void
  /** Deletes all keys. */
  evictMetadata(): void
}

/** `api.transaction`. */
export interface TransactionAPI {
  /**
   * Seen at once in `event.transaction.metadata`, by this and later Actions. `null` removes the
   * key. Key 64 characters, value 8 KB, all together 16 KB.
   *
   * @see https://auth0.com/docs/customize/actions/limitations
   */
  setMetadata(key: string, value: TransactionMetadataValue | null): void
  /**
   * Scopes that are then filtered by client grant, roles and consent, which `api.accessToken.addScope`
   * bypasses.
   *
   * @see https://auth0.com/docs/customize/actions/handling-scopes-in-actions
   */
  addTargetScope(scope: string): void
  removeTargetScope(scope: string): void
  setTargetScopes(scopes: readonly string[]): void
  clearTargetScopes(): void
}
