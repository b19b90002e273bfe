/** What a login at the token endpoint sends, as JSON. */
export type LoginRequest = Readonly<Record<string, string>>

/** Where a server is, and who may log in to it. */
export interface LoginAddress {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string
  /** PEM, to be trusted. */
  readonly certificate: string
  /** One of each user. */
  readonly requests: readonly LoginRequest[]
}

/** A server that people log in to by password, in a process of its own. */
export interface LoginServer extends LoginAddress {
  stop(): Promise<void>
}

/** Users of each server: a single one would be a constant to V8. */
export const userCount = 64

/** Claim of the ID token that the last Action, and the Rule of the rival, set: shows that they ran. */
export const claim = 'https://example.com/plan'

export const audience = 'https://api.example.com/'
export const scope = 'openid profile email offline_access'
