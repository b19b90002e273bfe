import type { PostLoginOutcome } from '../../../actions-testing/runtime.ts'
import type { JsonObject } from '../state.ts'
import type { ResponseMode } from './authorization-response.ts'

/** A checked authorization request. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly responseMode: ResponseMode
  /** Identifier of the API; null when no API is asked for. */
  readonly audience: string | null
  readonly scopes: readonly string[]
  /** Base64url SHA-256 of the verifier; null when the client does not use PKCE. */
  readonly codeChallenge: string | null
  readonly prompt: readonly string[]
  /** Seconds. */
  readonly maxAge: number | null
  readonly state: string | null
  readonly nonce: string | null
  readonly loginHint: string | null
  readonly connection: string | null
  /** Id of the organization that the login is for. */
  readonly organizationId: string | null
  readonly uiLocales: readonly string[]
  /** As it came: `event.request.query`. */
  readonly query: Readonly<Record<string, string>>
}

/** A login page that is open in a browser. */
export interface LoginTransaction {
  readonly id: string
  /** Digest of the cookie of the browser that began it: no other browser may finish it. */
  readonly browser: string
  readonly request: AuthorizationRequest
  /** Milliseconds since the epoch, as every `…At` here. */
  readonly expiresAt: number
}

/** A login whose Action sent the browser elsewhere, and that waits for it at `/continue`. */
export interface SuspendedLogin {
  /** Digest of the cookie of the browser that was sent away. */
  readonly browser: string
  readonly request: AuthorizationRequest
  readonly connectionId: string
  readonly session: Session
  /** False when the session was there before the login. */
  readonly startsSession: boolean
  readonly transactionId: string | null
  /** Of the Actions until then. What they wrote to the profile is written. */
  readonly outcome: PostLoginOutcome
  readonly expiresAt: number
}

interface AuthenticationMethod {
  readonly name: string
  /** ISO 8601. */
  readonly timestamp: string
}

/** Who proved what, when, through which connection. */
export interface Authenticated {
  readonly userId: string
  readonly connectionId: string
  readonly methods: readonly AuthenticationMethod[]
  readonly authenticatedAt: number
}

export interface Session extends Authenticated {
  readonly id: string
  readonly createdAt: number
  readonly lastInteractedAt: number
  readonly expiresAt: number
  readonly idleExpiresAt: number
  readonly clients: readonly string[]
}

/** What a login came to once its Actions had run: what tokens are made of. */
export interface GrantedLogin extends Authenticated {
  readonly clientId: string
  readonly audience: string | null
  readonly scopes: readonly string[]
  readonly idTokenClaims: JsonObject
  readonly accessTokenClaims: JsonObject
  readonly sessionId: string | null
  readonly organizationId: string | null
  readonly nonce: string | null
  /** Whether the ID token has `auth_time`. */
  readonly tellsAuthTime: boolean
  /** Value of the claim `gty`, where the grant has one. */
  readonly grantType: string | null
}

export interface AuthorizationCode {
  readonly login: GrantedLogin
  readonly redirectUri: string
  /** When the request did. */
  readonly mayOmitRedirectUri: boolean
  readonly codeChallenge: string | null
  readonly expiresAt: number
  /** Family of the refresh tokens it gave; a second use revokes them. */
  readonly familyId: string
  readonly used: boolean
}

export interface RefreshToken extends Authenticated {
  readonly id: string
  readonly familyId: string
  readonly clientId: string
  readonly audience: string | null
  readonly scopes: readonly string[]
  readonly sessionId: string | null
  readonly organizationId: string | null
  readonly createdAt: number
  readonly lastExchangedAt: number | null
  /** Null: never. */
  readonly expiresAt: number | null
  readonly idleExpiresAt: number | null
  /** When another took its place; null while it is the family's current one. */
  readonly rotatedAt: number | null
}

/** What an access token lets `/userinfo` tell, by the token's `jti` or the opaque token's digest. */
export interface UserinfoGrant {
  readonly userId: string
  readonly scopes: readonly string[]
  readonly idTokenClaims: JsonObject
  readonly expiresAt: number
}

/** The secret of a link in a mail that resets a password. */
export interface PasswordTicket {
  readonly connectionId: string
  /** A user of the tenant, or the profile that get_user gave for one who is still to be migrated. */
  readonly target: /** `identity` as `identityKey` names it. */
    | { readonly type: 'user'; readonly userId: string; readonly identity: string }
    | { readonly type: 'import'; readonly profile: Readonly<Record<string, unknown>> }
  readonly expiresAt: number
}
