import * as oidc from 'openid-client'
import { callback, ordersApi } from './applications.ts'
import { createUserAgent, type UserAgent } from './user-agent.ts'
import type { World } from './world.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

/** A login that ended in tokens, or how it did not. */
export type LoginResult =
  | {
      readonly type: 'tokens'
      readonly tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
      readonly browser: UserAgent
    }
  /** The application got an OAuth error: `access_denied` and its description. */
  | { readonly type: 'refused'; readonly error: string; readonly description: string }
  /** The login page said no: wrong password, blocked, or a store that cannot be asked. */
  | { readonly type: 'rejected'; readonly message: string }

export interface LoginOptions {
  /** API to ask a token for; none when null. Default: the sample company's orders API. */
  readonly audience?: string | null
  /** Further parameters of the authorization request. */
  readonly parameters?: Readonly<Record<string, string>>
  /** A browser with a session. Default: a new one. */
  readonly browser?: UserAgent
}

/** Logs in through the login page, by authorization code and PKCE. The ID token is verified by `openid-client`. */
export async function logIn(
  { applications }: { readonly applications: Pick<World['applications'], 'fetch' | 'sample'> },
  { email, password }: Credentials,
  options: LoginOptions = {},
): Promise<LoginResult> {
  const { audience = ordersApi, parameters = {} } = options
  const browser = options.browser ?? createUserAgent(applications.fetch)
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const nonce = oidc.randomNonce()
  const url = oidc.buildAuthorizationUrl(applications.sample, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access read:orders',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(audience === null ? {} : { audience }),
    ...parameters,
  })
  const first = await browser.open(url.href, callback)
  const last =
    first instanceof URL
      ? first
      : await browser.submit(first, { username: email, password }, callback)
  if (!(last instanceof URL)) return { type: 'rejected', message: alertOf(last.html) }
  const error = last.searchParams.get('error')
  if (error !== null) {
    const description = last.searchParams.get('error_description') ?? ''
    return { type: 'refused', error, description }
  }
  const tokens = await oidc.authorizationCodeGrant(applications.sample, last, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
  })
  return { type: 'tokens', tokens, browser }
}

/** What the page tells the person. */
function alertOf(html: string): string {
  // An element's: the stylesheet speaks of such a role too.
  const alert = /<\w+ role="alert"[^>]*>([\s\S]*?)<\//.exec(html)?.[1] ?? ''
  return alert.replace(/<[^>]*>/g, '').trim()
}
