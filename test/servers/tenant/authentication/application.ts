import * as oidc from 'openid-client'
import { type Browser, createBrowser, type Visit } from './browser.ts'
import { callback } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface AuthorizationStart {
  readonly browser: Browser
  /** The login page, or where the tenant sent the browser at once. */
  readonly visit: Visit
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

/** An application that knows the tenant by discovery, through `openid-client`. */
export function application(
  { fetch, tenant }: TenantUnderTest,
  clientId: string,
  authentication: oidc.ClientAuth = oidc.ClientSecretPost(`secret of ${clientId}`),
): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(tenant.issuer), clientId, undefined, authentication, {
    [oidc.customFetch]: (url, init) => fetch(url, init as RequestInit),
  })
}

export async function begin(
  under: TenantUnderTest,
  app: oidc.Configuration,
  parameters: Readonly<Record<string, string>> = {},
  browser = createBrowser(under.fetch),
): Promise<AuthorizationStart> {
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const url = oidc.buildAuthorizationUrl(app, {
    redirect_uri: callback,
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  })
  return { browser, visit: await browser.go(url.href), verifier, state, nonce }
}

/** From the redirect to tokens; `openid-client` checks state, nonce, signature and claims. */
export function redeem(
  app: oidc.Configuration,
  { nonce, state, verifier }: AuthorizationStart,
  { left }: Visit,
) {
  if (left === null) throw new Error('the browser has not come back to the application')
  return oidc.authorizationCodeGrant(app, left, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  })
}

/** Through the login page to tokens. */
export async function logIn(
  under: TenantUnderTest,
  app: oidc.Configuration,
  { password, username }: Credentials,
  parameters: Readonly<Record<string, string>> = {},
) {
  const start = await begin(under, app, parameters)
  const visit = await start.browser.submit(start.visit, { username, password })
  return { ...start, tokens: await redeem(app, start, visit), visit }
}

/** What the token endpoint answers to a bare request. */
export async function tokenRequest(
  { fetch, tenant }: TenantUnderTest,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const body = new URLSearchParams(parameters)
  const response = await fetch(`${tenant.issuer}oauth/token`, { method: 'POST', body, headers })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
