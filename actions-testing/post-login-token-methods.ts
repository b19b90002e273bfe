import { anything, name } from './argument-checks.ts'
import { isAuth0Audience, isIgnoredClaim } from './custom-claims.ts'
import type { LoginState } from './login-state.ts'
import type { Method, Namespace } from './post-login-method.ts'

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

/** What goes into the tokens. */
export const tokenMethods = {
  accessToken,
  idToken: { setCustomClaim: claimMethod('idTokenClaims') },
}
