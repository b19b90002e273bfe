import type { Namespace, Turn } from './api-method.ts'
import { anything, objectOf, optional, text } from './argument-checks.ts'
import { reportTime, strictRecord } from './strict-call.ts'
import type { CacheSetOptions } from './types/cache.ts'

/** `api.cache`, the same in every trigger. */
export const cacheMethods: Namespace<Turn> = {
  get: {
    parameters: [['key', text]],
    run: ({ misused, state }, key) => strictRecord(state.cache.get(String(key)), misused),
  },
  set: {
    lenient: true,
    parameters: [
      ['key', text],
      ['value', text],
      ['options', optional(objectOf({ ttl: anything, expires_at: anything }))],
    ],
    run({ misused, state }, key, value, options) {
      const { expires_at, ttl } = (options ?? {}) as Readonly<Record<string, unknown>>
      reportTime(misused, 'api.cache.set an expires_at', expires_at)
      if (ttl !== undefined && typeof ttl !== 'number') {
        misused?.('gives api.cache.set a ttl that is no number of milliseconds')
      }
      return state.cache.set(String(key), String(value), options as CacheSetOptions | undefined)
    },
  },
  delete: { parameters: [['key', text]], run: ({ state }, key) => state.cache.delete(String(key)) },
}
