import { limitsOfApplications } from './limits-of-applications.ts'

/** A limit of the stand-in, the change under which it no longer holds, and the test that sees so. */
export interface Limit {
  /** File of servers/tenant/. */
  readonly file: string
  /** Found in it exactly once. */
  readonly find: string
  readonly replace: string
  /** File of test/servers/tenant/. */
  readonly test: string
  readonly title: string
}

/** All that a change does of many tests is in one place: where the change is, then where it is seen. */
export type Row = readonly [
  file: string,
  find: string,
  replace: string,
  test: string,
  title: string,
]

/** Takes whatever text is in the middle of a token for its claims. */
const unverified =
  "(async (text: string, ..._: unknown[]) => ({ payload: JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) }))"

const login = 'authentication/'
const codes = `${login}authorization-code.test.ts`
const requests = `${login}token-endpoint.test.ts`
const refused = `${login}refused.test.ts`
const refresh = `${login}refresh-token.test.ts`
const keys = 'private-key-jwt.test.ts'
const organizations = 'users/organizations.test.ts'
const triggers = 'users/user-triggers.test.ts'

const rows: readonly Row[] = [
  // The token endpoint.
  [
    `${login}codes.ts`,
    'if (code.used) {',
    'if (false) {',
    codes,
    'authorization_code: a code is good once, and its second use ends the refresh tokens',
  ],
  [
    `${login}codes.ts`,
    ' || code.login.clientId !== client.client_id',
    '',
    codes,
    "authorization_code: another client's attempt fails and leaves the code to its own",
  ],
  [
    `${login}codes.ts`,
    'if (sameSecret(computed, challenge)) return',
    'return',
    codes,
    'authorization_code: another verifier is refused',
  ],
  [
    `${login}codes.ts`,
    'if (challenge === null && verifier === undefined) return',
    'if (verifier === undefined) return',
    codes,
    'authorization_code: a missing verifier is refused, and so is a missing redirect_uri',
  ],
  [
    `${login}codes.ts`,
    'if (!isRedirectUri(code, exchange.redirectUri)) {',
    'if (false) {',
    codes,
    'authorization_code: another redirect_uri is refused',
  ],
  [
    `${login}codes.ts`,
    'if (tenant.now() >= code.expiresAt) throw invalidCode()',
    '',
    codes,
    'authorization_code: a code is over after ten minutes',
  ],
  [
    `${login}authorization-request.ts`,
    'if (method === undefined && !isPublic(client)) return null',
    'if (method === undefined) return null',
    codes,
    'authorize: a public client without PKCE is refused',
  ],
  [
    `${login}authenticate-client.ts`,
    'return sameSecret(proof, client.client_secret)',
    'return true',
    requests,
    'token: a wrong secret is refused',
  ],
  [
    `${login}authenticate-client.ts`,
    'client === undefined || !(await isProven(tenant, client, credentials))',
    'client !== undefined && !(await isProven(tenant, client, credentials))',
    requests,
    'token: an unknown client is refused',
  ],
  [
    `${login}authenticate-client.ts`,
    'if (client.grant_types?.includes(grantType)) return',
    'return',
    refused,
    'refused: password to a client that does not have it',
  ],
  [
    `${login}grants/client-credentials.ts`,
    'if (above.length > 0) {',
    'if (false) {',
    requests,
    'token: a scope above the client grant is refused',
  ],
  [
    `${login}user-scopes.ts`,
    'ceiling === null || ceiling.includes(scope)',
    'true',
    refused,
    'refused: scopes above the client grant, of machines and of people, and again at a refresh',
  ],
  [
    `${login}api-access.ts`,
    "if (policy === 'allow_all' &&",
    "if (subject === 'user' &&",
    refused,
    'refused: the legacy API to a login that is away when it is closed, and by the sign-up page',
  ],
  [
    `${login}refresh-tokens.ts`,
    'const token = tenant.activity.refreshTokens.get(digest(secret))',
    'const token = [...tenant.activity.refreshTokens.values()].at(-1)',
    refresh,
    'refresh_token: a forged one, another client’s and an access token are refused',
  ],
  [
    `${login}refresh-tokens.ts`,
    'if (rotatedAt === null || now < rotatedAt + leeway) return token',
    'return token',
    refused,
    'refused: a rotated-out refresh token, for a thief and then for the owner',
  ],
  [
    'access-tokens.ts',
    'await jwtVerify(',
    `await ${unverified}(`,
    refused,
    'refused: a token of another tenant, however like ours it is',
  ],
  [
    'access-tokens.ts',
    'const { payload } = await jwtVerify(token',
    `const { payload } = await ${unverified}(token`,
    refused,
    'refused: a token that is not signed, or by another key, another algorithm or under our key’s name',
  ],
  // Keys in place of secrets.
  [
    `${login}client-assertion.ts`,
    'if (usedAssertions.has(key)) return false',
    '',
    keys,
    'private_key_jwt: an assertion is good for once, also at once and after a refusal',
  ],
  [
    `${login}client-assertion.ts`,
    'aud !== tenant.issuer || ',
    '',
    keys,
    'private_key_jwt: an assertion for the token endpoint is refused',
  ],
  [
    `${login}client-assertion.ts`,
    'exp - (iat ?? now) <= maxLifetime',
    'true',
    keys,
    'private_key_jwt: an assertion that lives for 301 seconds is refused',
  ],
  [
    `${login}client-assertion.ts`,
    'return exp > now &&',
    'return',
    keys,
    'private_key_jwt: an assertion that is over is refused',
  ],
  [
    `${login}client-assertion.ts`,
    'await jwtVerify(',
    `await ${unverified}(`,
    keys,
    'private_key_jwt: forged, foreign, unsigned or broken assertions are refused',
  ],
  [
    'client-credentials.ts',
    'expires_at === undefined || tenant.now() < Date.parse(expires_at)',
    'true',
    keys,
    'private_key_jwt: a key that is over, removed or not enabled proves nothing',
  ],
  // Logins and users.
  [
    'users/brute-force-protection.ts',
    "return shields.includes('block') &&",
    'return false &&',
    'users/login-limits.test.ts',
    'brute force: after ten wrong passwords not even the right one opens, from that address',
  ],
  [
    'users/brute-force-protection.ts',
    "if (bruteForceSettings({ state }).mode === 'count_per_identifier_and_ip')",
    'if (true)',
    'users/login-limits.test.ts',
    'brute force: where addresses are not told apart the account is blocked, from all of them',
  ],
  [
    `${login}password-login.ts`,
    'if (isBlocked(tenant, login)) return refuseBlocked(tenant, login)\n  if (check',
    'if (check',
    'users/login-limits.test.ts',
    'brute force: of many guesses at once ten are looked at',
  ],
  [
    `${login}authorize.ts`,
    'client.sso_disabled === true || ',
    '',
    `${login}session.test.ts`,
    'session: an application without single sign-on asks for the password, and never silently',
  ],
  [
    `${login}user-scopes.ts`,
    'if (api?.enforce_policies !== true) return scopes',
    'return scopes',
    `${login}api-token.test.ts`,
    'api token: of an API that enforces permissions a person has no scope, and a machine has its own',
  ],
  [
    'management/resource-servers.ts',
    '    endPermissionsOf(tenant, after)\n',
    '',
    'management/permissions.test.ts',
    'permissions: they end with its scope, and do not come back with another of that name',
  ],
  [
    'users/permissions.ts',
    'const own = organizationId === null ? ',
    'const own = true ? ',
    'users/permitted-scopes.test.ts',
    'RBAC: at a login to an organization the membership’s roles permit, and no other',
  ],
  [
    'users/same-user-limit.ts',
    'if (bucket.take(now).allowed) return true',
    'return true',
    'users/login-limits.test.ts',
    'same user: twenty logins in a minute from one address, then ten a minute; right ones count',
  ],
  [
    'state-file.ts',
    "  'failedLogins',\n",
    '',
    'state-file.test.ts',
    'state file: a restart lifts no brute-force block',
  ],
  [
    `${login}sessions.ts`,
    'if (now() < session.expiresAt && now() < session.idleExpiresAt) return session',
    'return session',
    `${login}session.test.ts`,
    'session: it idles out and it ends, as the tenant’s settings say',
  ],
  [
    `${login}transactions.ts`,
    'return isBrowser(c, transaction.browser) ? transaction : null',
    'return transaction',
    `${login}pages.test.ts`,
    'login page: belongs to the browser that opened it (login CSRF)',
  ],
  [
    `${login}change-password.ts`,
    '  dropPasswordTicket(tenant, ticket)\n',
    '',
    'users/password-reset.test.ts',
    'reset: a link is good once, for five days, and not for a guess',
  ],
  [
    `${login}organization-request.ts`,
    'if (isMember(tenant, organization, userId)) return',
    'return',
    organizations,
    'organizations: who is no member at the first lazy login is refused before any Action runs',
  ],
  [
    `${login}organization-request.ts`,
    'if (entry.assign_membership_on_login &&',
    'if (false &&',
    organizations,
    'organizations: assign_membership_on_login makes a member at the first login',
  ],
  [
    `${login}organization-request.ts`,
    ' && refreshToken === null) {',
    ') {',
    organizations,
    'organizations: a refresh makes nobody a member again, and a login does',
  ],
  [
    'users/organizations.ts',
    'return is_enabled !== false',
    'return true',
    organizations,
    'organizations: a connection that is not enabled is listed as such, and lets nobody in',
  ],
  [
    'users/create-user.ts',
    "if (asked.type === 'denied') return asked",
    "if (asked.type === 'denied') Object.assign(asked, { account })",
    triggers,
    'pre-user-registration: a denial refuses the sign-up, with its message for the person',
  ],
  [
    `${login}event-request.ts`,
    "  'password',\n",
    '',
    triggers,
    'pre-user-registration: sees the body without the password, and no user_id',
  ],
  // The Management API.
  [
    'management/endpoint.ts',
    'if (scopes.some((one) => caller.scopes.has(one))) return',
    'return',
    'management/endpoints.test.ts',
    'management: no endpoint takes a token without its scope',
  ],
  [
    'management/request-body.ts',
    'if (unknown.length > 0) {',
    'if (false) {',
    'users/management-users.test.ts',
    'PATCH /users/{id}: an unknown member is 400 invalid_body and changes nothing',
  ],
  [
    'management/request-body.ts',
    'if (value === null && mayBeNull.includes(name)) continue',
    'if (value === null) continue',
    'management/applications-and-apis.test.ts',
    'clients: null takes a member away where Auth0 takes it, and the id stays',
  ],
  [
    'management/paging.ts',
    'if (start + size <= mostByPage) return',
    'return',
    'management/paging.test.ts',
    'connections: by number only the first 1,000 can be paged to, as by Auth0',
  ],
  [
    'management/actions.ts',
    'if (twin === undefined || twin.id === id) return',
    'return',
    'management/conflicts.test.ts',
    'conflicts: the same Action is made once, and stays as it was',
  ],
  [
    'management/action-build.ts',
    'codeProblem(action.code) ?? ',
    '',
    'management/actions.test.ts',
    'actions: a failed draft leaves what is deployed alone',
  ],
  [
    'rate-limits.ts',
    'if (verdicts.every(({ allowed }) => allowed)) await next()',
    'if (verdicts) await next()',
    'rate-limits.test.ts',
    'rate limits: one that is refused is told so in Auth0’s words, and does nothing',
  ],
]

export const limits: readonly Limit[] = [...rows, ...limitsOfApplications].map(
  ([file, find, replace, test, title]) => ({ file, find, replace, test, title }),
)
