import type { Methods, Namespace } from './api-method.ts'
import {
  anything,
  type Check,
  flag,
  listOf,
  nameOfAtMost,
  objectOf,
  oneOf,
  optional,
  webUrl,
} from './argument-checks.ts'
import type { LoginTurn } from './login-state.ts'
import type { ApiMethod } from './runtime.ts'

const secondFactors = ['otp', 'phone', 'push-notification', 'recovery-code']
const webauthn = ['webauthn-platform', 'webauthn-roaming']
const challenge = objectOf({
  type: oneOf('email', 'push', ...secondFactors, ...webauthn),
  options: anything,
})
const enrollment = objectOf({
  type: oneOf('push', ...secondFactors, ...webauthn),
  options: anything,
})
// https://auth0.com/docs/customize/actions/limitations
const maxPrimaryUserIdCharacters = 128

/** Notes a step that the user has to take; of several, the first stands. */
export function askUser({ state, action }: LoginTurn, method: ApiMethod, url?: string): void {
  state.interaction ??= { method, action, ...(url !== undefined && { url }) }
}

function factorMethods(verb: 'challenge' | 'enroll', factor: Check): Namespace<LoginTurn> {
  return {
    [`${verb}With`]: {
      parameters: [
        ['factor', factor],
        ['options', optional(objectOf({ additionalFactors: optional(listOf(factor)) }))],
      ],
      run: (turn) => askUser(turn, `authentication.${verb}With`),
    },
    [`${verb}WithAny`]: {
      parameters: [['factors', listOf(factor)]],
      run: (turn) => askUser(turn, `authentication.${verb}WithAny`),
    },
  }
}

const authentication: Namespace<LoginTurn> = {
  ...factorMethods('challenge', challenge),
  ...factorMethods('enroll', enrollment),
  recordMethod: {
    parameters: [['providerUrl', webUrl]],
    run({ handler, state }, url) {
      if (handler !== 'onContinuePostLogin') {
        throw new TypeError('api.authentication.recordMethod: only in onContinuePostLogin')
      }
      state.recordedMethods.add(String(url))
    },
  },
  setPrimaryUser: {
    parameters: [['primaryUserId', nameOfAtMost(maxPrimaryUserIdCharacters)]],
    run({ action, state }, userId) {
      if (state.primaryUser !== null) {
        throw new TypeError('api.authentication.setPrimaryUser: only once in a transaction')
      }
      state.primaryUser = String(userId)
      state.primaryUserSetBy = action
    },
  },
}

const multifactor: Namespace<LoginTurn> = {
  enable: {
    parameters: [
      ['provider', oneOf('any', 'duo', 'google-authenticator', 'guardian', 'none')],
      [
        'options',
        optional(objectOf({ allowRememberBrowser: optional(flag), providerOptions: anything })),
      ],
    ],
    // The challenge comes at the end of the flow: later Actions run, but no token is issued before.
    // "Set or remove the requirement": https://auth0.com/docs/actions/reference/post-login/post-login-api-object
    run({ action, state }, provider) {
      state.multifactor = provider === 'none' ? null : { action }
    },
  },
}

/** Namespaces by which the user is asked for more than a password. */
export const authenticationMethods: Methods<LoginTurn> = { authentication, multifactor }
