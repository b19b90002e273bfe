import type { PostLoginAPI } from './v3.ts'

/** `api.redirect`. Pending metadata is written before the browser leaves. */
export interface RedirectAPI {
  /** A JWT (HS256) for the target of the redirect; 900 seconds unless told otherwise. */
  encodeToken(options: {
    readonly secret: string
    readonly payload: Readonly<Record<string, unknown>>
    readonly expiresInSeconds?: number
  }): string
  /** Sends the browser to `url` once this Action is done. */
  sendUserTo(
    url: string,
    options?: { readonly query?: Readonly<Record<string, string>> },
  ): PostLoginAPI
  /** False on `oauth2-resource-owner`, `oauth2-refresh-token` and `prompt=none`. */
  canRedirect(): boolean
  /** Payload of the JWT that came back to `/continue`. Throws when it does not verify. */
  validateToken(options: {
    readonly secret: string
    /** Default `session_token`. */
    readonly tokenParameterName?: string
  }): Readonly<Record<string, unknown>>
}

/** `api.prompt`. */
export interface PromptAPI {
  render(
    promptId: string,
    promptOptions?: {
      /** Client side. */
      readonly fields?: Readonly<Record<string, unknown>>
      /** Server side. */
      readonly vars?: Readonly<Record<string, unknown>>
    },
  ): void
}
