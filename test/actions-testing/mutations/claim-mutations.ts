import { loginOf, type Mutation } from './mutation.ts'

const managementApi = 'https://example-tenant.eu.auth0.com/api/v2/'

/** True when neither token has a claim of that name. */
async function dropped(name: string, audience?: string, hostname?: string): Promise<boolean> {
  const set = `setCustomClaim(${JSON.stringify(name)}, 1)`
  const { accessTokenClaims, idTokenClaims } = await loginOf(
    [
      audience === undefined
        ? `api.idToken.${set}; api.accessToken.${set}`
        : `api.accessToken.${set}`,
    ],
    {
      ...(audience && { resource_server: { identifier: audience } }),
      ...(hostname && { request: { hostname } }),
      transaction: { requested_scopes: ['openid'] },
    },
  )
  return !(name in idTokenClaims) && !(name in accessTokenClaims)
}

function limitOf(
  limit: string,
  find: string,
  replace: string,
  holds: () => Promise<boolean>,
): Mutation {
  return { limit, file: 'custom-claims.ts', find, replace, holds }
}

/** Limits of custom claims. */
export const claimMutations: readonly Mutation[] = [
  limitOf('restricted claims are dropped', 'restricted.has(name) ||', 'false ||', () =>
    dropped('x5t#S256'),
  ),
  limitOf('names that begin with $ are dropped', "name.startsWith('$')", 'false', () =>
    dropped('$a'),
  ),
  limitOf('the namespace urn:auth0 is dropped', '/^urn:auth0(:|$)/i.test(name)', 'false', () =>
    dropped('urn:auth0:a'),
  ),
  limitOf("Auth0's own hosts are no namespace", '|| host.endsWith(', "|| [''].includes(", () =>
    dropped('https://x.webtask.run/a'),
  ),
  limitOf(
    'OIDC profile claims need their scope',
    'scope !== undefined && !requestedScopes.includes(scope)',
    'false && !requestedScopes.includes(scope ?? name)',
    () => dropped('zoneinfo'),
  ),
  limitOf(
    "tokens for Auth0's own APIs take namespaced claims only",
    'return !isAuth0Audience(audience, event.request.hostname)',
    'return true',
    () => dropped('a', managementApi),
  ),
  limitOf(
    'also when the login came by a custom domain',
    '&& !/\\.auth0(app)?\\.com$/.test(url.hostname)',
    '',
    () => dropped('a', managementApi, 'login.example.com'),
  ),
  limitOf(
    'a URN is no namespace for them',
    'return /^https?:\\/\\//i.test(name) && URL.canParse(name)',
    'return URL.canParse(name)',
    () => dropped('urn:x:a', managementApi),
  ),
  limitOf(
    '100 KB of claims in one token',
    'maxPayloadBytes = 100_000',
    'maxPayloadBytes = 102_400',
    async () => {
      const body = `api.accessToken.setCustomClaim('a', 'x'.repeat(100_000))`
      return (await loginOf([body])).denied?.reason.includes('exceed 100 KB') === true
    },
  ),
]
