import {
  anything,
  flag,
  json,
  name,
  objectOf,
  optional,
  type Parameter,
  scalar,
  text,
  textOfAtMost,
} from './argument-checks.ts'
import { isAuth0Audience, isIgnoredClaim } from './custom-claims.ts'
import { jsonBytes } from './json-value.ts'
import { deny, type LoginState } from './login-state.ts'
import { changeMetadata, type MetadataKind } from './metadata-changes.ts'
import { recordedMethods } from './post-login-recorded-methods.ts'
import { redirectMethods } from './post-login-redirect-methods.ts'
import type { CacheSetOptions } from './types/cache.ts'
import type { Event } from './types/post-login/v3.ts'

/** One Action's turn in a login. */
export interface Turn {
  readonly action: string
  readonly login: LoginState
  /** The copy that this Action was given. */
  readonly event: Event
  /** Set when the Action has returned. */
  done: boolean
}

export interface Method {
  readonly parameters: readonly Parameter[]
  /** True for what the user has to do something about; later Actions wait for it. */
  readonly interaction?: boolean
  /** True when the first argument holds a secret, which is left out of the record. */
  readonly confidential?: boolean
  /** True when arguments reach `run` as they are, since it answers bad ones by a code. */
  readonly lenient?: boolean
  /** What it does, with JSON copies of the arguments. Without a result the api is returned. */
  readonly run?: (turn: Turn, ...args: unknown[]) => unknown
}

export type Namespace = Readonly<Record<string, Method>>

function claimMethod(token: 'accessTokenClaims' | 'idTokenClaims'): Method {
  return {
    parameters: [
      ['key', name],
      ['value', anything],
    ],
    run({ login }, key, value) {
      // Many published Actions set claims from metadata that may be absent: JSON drops those.
      if (value === undefined || isIgnoredClaim(String(key))) return
      if (token === 'accessTokenClaims' && needsNamespace(login) && !URL.canParse(String(key)))
        return
      login[token].set(String(key), value)
    },
  }
}

function needsNamespace({ event }: LoginState): boolean {
  const audience = event.resource_server?.identifier
  return audience !== undefined && isAuth0Audience(audience, event.request.hostname)
}

function metadataMethod(kind: MetadataKind): Method {
  return {
    parameters: [
      ['key', name],
      ['value', json],
    ],
    run({ login }, key, value) {
      const changes = kind === 'app_metadata' ? login.appMetadata : login.userMetadata
      changeMetadata(changes, kind, login.event.user[kind], String(key), value)
    },
  }
}

const accessToken: Namespace = {
  setCustomClaim: claimMethod('accessTokenClaims'),
  addScope: {
    parameters: [['scope', name]],
    run({ login }, scope) {
      login.removedScopes.delete(String(scope))
      login.addedScopes.add(String(scope))
    },
  },
  removeScope: {
    parameters: [['scope', name]],
    run({ login }, scope) {
      login.addedScopes.delete(String(scope))
      login.removedScopes.add(String(scope))
    },
  },
}

const cache: Namespace = {
  get: { parameters: [['key', text]], run: ({ login }, key) => login.cache.get(String(key)) },
  set: {
    lenient: true,
    parameters: [
      ['key', text],
      ['value', text],
      ['options', optional(objectOf({ ttl: anything, expires_at: anything }))],
    ],
    run: ({ login }, key, value, options) =>
      login.cache.set(String(key), String(value), options as CacheSetOptions | undefined),
  },
  delete: { parameters: [['key', text]], run: ({ login }, key) => login.cache.delete(String(key)) },
}

// https://auth0.com/docs/customize/actions/limitations
const maxTransactionMetadataValue = 8_000
const maxTransactionMetadata = 16_000

const transaction: Namespace = {
  setMetadata: {
    parameters: [
      ['key', textOfAtMost(64)],
      ['value', scalar],
    ],
    run({ login, event }, key, value) {
      const { transactionMetadata: metadata } = login
      const next = new Map(metadata)
      if (value === null) next.delete(String(key))
      else next.set(String(key), value as string | number | boolean)
      if (
        jsonBytes(value) > maxTransactionMetadataValue ||
        jsonBytes(Object.fromEntries(next)) > maxTransactionMetadata
      ) {
        throw new TypeError('api.transaction.setMetadata: exceeds 8 KB a value or 16 KB in all')
      }
      metadata.clear()
      for (const [held, kept] of next) metadata.set(held, kept)
      if (event.transaction === undefined) return
      // The one change that the running Action sees: its own copy of the event follows at once.
      Object.assign(event.transaction, { metadata: Object.fromEntries(next) })
    },
  },
}

const access: Namespace = {
  deny: {
    parameters: [['reason', text]],
    run: ({ login, action }, reason) => deny(login, action, String(reason)),
  },
}

const validation: Namespace = {
  error: {
    parameters: [
      ['errorCode', text],
      ['errorMessage', text],
    ],
    run: ({ login, action }, _code, message) => deny(login, action, String(message)),
  },
}

const session: Namespace = {
  revoke: {
    parameters: [
      ['reason', text],
      ['options', optional(objectOf({ preserveRefreshTokens: optional(flag) }))],
    ],
    run: ({ login, action }, reason) => deny(login, action, String(reason)),
  },
  ...recordedMethods.session,
}

const refreshToken: Namespace = {
  revoke: {
    parameters: [['reason', text]],
    run({ login, action }, reason) {
      if (login.event.transaction?.protocol !== 'oauth2-refresh-token') {
        throw new TypeError(
          'api.refreshToken.revoke: only when the protocol is oauth2-refresh-token',
        )
      }
      deny(login, action, String(reason))
    },
  },
  ...recordedMethods.refreshToken,
}

/** Every namespace and method of the reference page. */
export const postLoginMethods: Readonly<Record<string, Namespace>> = {
  ...recordedMethods,
  access,
  accessToken,
  cache,
  idToken: { setCustomClaim: claimMethod('idTokenClaims') },
  redirect: redirectMethods,
  refreshToken,
  session,
  transaction,
  user: {
    setAppMetadata: metadataMethod('app_metadata'),
    setUserMetadata: metadataMethod('user_metadata'),
  },
  validation,
}
