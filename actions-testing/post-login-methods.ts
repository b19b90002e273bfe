import {
  anything,
  json,
  name,
  objectOf,
  optional,
  scalar,
  text,
  textOfAtMost,
} from './argument-checks.ts'
import { jsonBytes } from './json-value.ts'
import { changeMetadata, type MetadataKind } from './metadata-changes.ts'
import { denialMethods } from './post-login-denial-methods.ts'
import type { Method, Namespace } from './post-login-method.ts'
import { recordedMethods } from './post-login-recorded-methods.ts'
import { redirectMethods } from './post-login-redirect-methods.ts'
import { tokenMethods } from './post-login-token-methods.ts'
import type { CacheSetOptions } from './types/cache.ts'

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

/** Every namespace and method of the reference page. */
export const postLoginMethods: Readonly<Record<string, Namespace>> = {
  ...recordedMethods,
  ...denialMethods,
  ...tokenMethods,
  cache,
  redirect: redirectMethods,
  transaction,
  user: {
    setAppMetadata: metadataMethod('app_metadata'),
    setUserMetadata: metadataMethod('user_metadata'),
  },
}
