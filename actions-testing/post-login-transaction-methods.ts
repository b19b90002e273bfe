import type { Namespace } from './api-method.ts'
import { scalar, textOfAtMost } from './argument-checks.ts'
import { jsonBytes } from './json-value.ts'
import type { LoginTurn } from './login-state.ts'
import { targetScopeMethods } from './target-scope-methods.ts'
import type { TransactionMetadataValue } from './types/post-login/transaction.ts'

// https://auth0.com/docs/customize/actions/limitations
const maxKeyCharacters = 64
const maxValueBytes = 8_000
const maxBytes = 16_000

/** `api.transaction`. */
export const transactionMethods: Namespace<LoginTurn> = {
  ...targetScopeMethods,
  setMetadata: {
    parameters: [
      ['key', textOfAtMost(maxKeyCharacters)],
      ['value', scalar],
    ],
    run({ state: { transactionMetadata }, event }, key, value) {
      const next = new Map(transactionMetadata)
      if (value === null) next.delete(String(key))
      else next.set(String(key), value as TransactionMetadataValue)
      if (jsonBytes(value) > maxValueBytes || jsonBytes(Object.fromEntries(next)) > maxBytes) {
        throw new TypeError('api.transaction.setMetadata: exceeds 8 KB a value or 16 KB in all')
      }
      transactionMetadata.clear()
      for (const [held, kept] of next) transactionMetadata.set(held, kept)
      if (event.transaction === undefined) return
      // The running Action's own copy of the event follows at once.
      Object.assign(event.transaction, { metadata: Object.fromEntries(next) })
    },
  },
}
