import type { Method, Namespace } from './api-method.ts'
import { anything, name, scope } from './argument-checks.ts'
import { ignoredClaim, reachesAccessToken, reachesIdToken } from './custom-claims.ts'
import type { LoginTurn } from './login-state.ts'

// Many published Actions set claims from metadata that may be absent: JSON drops those.
const parameters = [
  ['key', name],
  ['value', anything],
] as const

// https://github.com/auth0/auth0-actions
const maxAddedScopes = 1_000

/** One reserved name is an error in post-login; the others are dropped without a word. */
function refuseScopeClaim(key: unknown): void {
  if (key === 'scope') throw new TypeError('setCustomClaim: the claim scope cannot be set')
}

function reportIgnoredClaim(misused: LoginTurn['misused'], name: string): void {
  const problem = ignoredClaim(name)
  if (problem !== null) misused?.(problem)
}

const setAccessTokenClaim: Method<LoginTurn> = {
  parameters,
  run({ misused, state }, key, value) {
    refuseScopeClaim(key)
    reportIgnoredClaim(misused, String(key))
    if (value === undefined || !reachesAccessToken(String(key), state.event)) return
    state.accessTokenClaims.set(String(key), value)
  },
}

const setIdTokenClaim: Method<LoginTurn> = {
  parameters,
  run({ misused, state }, key, value) {
    refuseScopeClaim(key)
    reportIgnoredClaim(misused, String(key))
    const scopes = state.event.transaction?.requested_scopes
    if (value === undefined || !reachesIdToken(String(key), scopes)) return
    state.idTokenClaims.set(String(key), value)
  },
}

const accessToken: Namespace<LoginTurn> = {
  setCustomClaim: setAccessTokenClaim,
  addScope: {
    parameters: [['scope', scope]],
    run({ state: { addedScopes, removedScopes } }, given) {
      const added = String(given).trim()
      if (!addedScopes.has(added) && addedScopes.size >= maxAddedScopes) {
        throw new TypeError(`api.accessToken.addScope: adds more than ${maxAddedScopes} scopes`)
      }
      removedScopes.delete(added)
      addedScopes.add(added)
    },
  },
  removeScope: {
    parameters: [['scope', scope]],
    run({ state: { addedScopes, removedScopes } }, given) {
      const removed = String(given).trim()
      addedScopes.delete(removed)
      removedScopes.add(removed)
    },
  },
}

/** What goes into the tokens. */
export const tokenMethods = {
  accessToken,
  idToken: { setCustomClaim: setIdTokenClaim },
}
