import { flag, objectOf, optional, text } from './argument-checks.ts'
import { deny } from './login-state.ts'
import type { Namespace } from './post-login-method.ts'
import { recordedMethods } from './post-login-recorded-methods.ts'

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

/** Namespaces that can refuse the login. */
export const denialMethods = { access, refreshToken, session, validation }
