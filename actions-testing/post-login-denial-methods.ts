import type { Namespace } from './api-method.ts'
import { flag, objectOf, optional, text } from './argument-checks.ts'
import { deny, type LoginTurn } from './login-state.ts'
import { recordedMethods } from './post-login-recorded-methods.ts'

const access: Namespace<LoginTurn> = {
  deny: {
    parameters: [['reason', text]],
    run: ({ state: login, action }, reason) => deny(login, action, String(reason)),
  },
}

const validation: Namespace<LoginTurn> = {
  error: {
    parameters: [
      ['errorCode', text],
      ['errorMessage', text],
    ],
    run: ({ state: login, action }, _code, message) => deny(login, action, String(message)),
  },
}

const session: Namespace<LoginTurn> = {
  revoke: {
    parameters: [
      ['reason', text],
      ['options', optional(objectOf({ preserveRefreshTokens: optional(flag) }))],
    ],
    run: ({ state: login, action }, reason) => deny(login, action, String(reason)),
  },
  ...recordedMethods.session,
}

const refreshToken: Namespace<LoginTurn> = {
  revoke: {
    parameters: [['reason', text]],
    run({ state: login, action }, reason) {
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
