import type { Method, Namespace } from './api-method.ts'
import { anything, name } from './argument-checks.ts'
import { reachesAccessToken, reachesIdToken } from './custom-claims.ts'
import type { LoginTurn } from './login-state.ts'

// Many published Actions set claims from metadata that may be absent: JSON drops those.
const parameters = [
  ['key', name],
  ['value', anything],
] as const

const setAccessTokenClaim: Method<LoginTurn> = {
  parameters,
  run({ state }, key, value) {
    if (value === undefined || !reachesAccessToken(String(key), state.event)) return
    state.accessTokenClaims.set(String(key), value)
  },
}

const setIdTokenClaim: Method<LoginTurn> = {
  parameters,
  run({ state }, key, value) {
    const scopes = state.event.transaction?.requested_scopes
    if (value === undefined || !reachesIdToken(String(key), scopes)) return
    state.idTokenClaims.set(String(key), value)
  },
}

const accessToken: Namespace<LoginTurn> = {
  setCustomClaim: setAccessTokenClaim,
  addScope: {
    parameters: [['scope', name]],
    run({ state: login }, scope) {
      login.removedScopes.delete(String(scope))
      login.addedScopes.add(String(scope))
    },
  },
  removeScope: {
    parameters: [['scope', name]],
    run({ state: login }, scope) {
      login.addedScopes.delete(String(scope))
      login.removedScopes.add(String(scope))
    },
  },
}

/** What goes into the tokens. */
export const tokenMethods = {
  accessToken,
  idToken: { setCustomClaim: setIdTokenClaim },
}
