import type { Method, Methods } from './api-method.ts'
import { json, name } from './argument-checks.ts'
import { cacheMethods } from './cache-methods.ts'
import type { LoginTurn } from './login-state.ts'
import { changeMetadata, type MetadataKind } from './metadata-changes.ts'
import { authenticationMethods } from './post-login-authentication-methods.ts'
import { denialMethods } from './post-login-denial-methods.ts'
import { directoryMethods } from './post-login-directory-methods.ts'
import { recordedMethods } from './post-login-recorded-methods.ts'
import { redirectMethods } from './post-login-redirect-methods.ts'
import { samlResponseMethods } from './post-login-saml-methods.ts'
import { tokenMethods } from './post-login-token-methods.ts'
import { transactionMethods } from './post-login-transaction-methods.ts'

function metadataMethod(kind: MetadataKind): Method<LoginTurn> {
  return {
    parameters: [
      ['key', name],
      ['value', json],
    ],
    run({ state: login }, key, value) {
      const changes = kind === 'app_metadata' ? login.appMetadata : login.userMetadata
      const stored = login.event.user[kind]
      const writtenBytes = login.writtenBytes[kind]
      changeMetadata({ kind, changes, stored, writtenBytes }, String(key), value)
    },
  }
}

/** Every namespace and method of the reference page. */
export const postLoginMethods: Methods<LoginTurn> = {
  ...recordedMethods,
  ...authenticationMethods,
  ...denialMethods,
  ...directoryMethods,
  ...redirectMethods,
  ...tokenMethods,
  cache: cacheMethods,
  samlResponse: samlResponseMethods,
  transaction: transactionMethods,
  user: {
    setAppMetadata: metadataMethod('app_metadata'),
    setUserMetadata: metadataMethod('user_metadata'),
  },
}
