/** An error of RFC 6749 in Auth0's words. `description` reaches the application and perhaps a person. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: string
  readonly description: string
  /** HTTP status where the error is a response; unused where it travels in a redirect. */
  readonly status: 400 | 401 | 403 | 429
  /** What the response has besides. */
  readonly details: Readonly<Record<string, string>>

  constructor(
    code: string,
    description: string,
    status: 400 | 401 | 403 | 429 = 400,
    details: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${description}`)
    this.code = code
    this.description = description
    this.status = status
    this.details = details
  }
}
