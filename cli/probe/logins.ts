import { decodeClaims, isObject } from '../auth0-tenant.ts'
import { type Application, type Applications, passwordRealm } from './applications.ts'
import type { Base } from './context.ts'
import type { TestUser } from './users.ts'

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly status: number
  /** OAuth's, null when there are tokens. */
  readonly error: string | null
  readonly description: string
  readonly refreshToken: string | null
  /** Claims of the access token; none when it is opaque. */
  readonly access: Readonly<Record<string, unknown>>
  readonly id: Readonly<Record<string, unknown>>
}

interface LoginRequest {
  readonly audience?: string
  readonly scope?: string
  /** Default: the one that probes have in common. */
  readonly application?: Application
  /** What is typed as user name; default the address. */
  readonly username?: string
  readonly password?: string
}

export interface Logins {
  /** Asks the token endpoint as an application. */
  token(application: Application, parameters: object): Promise<TokenAnswer>
  /** Logs in by the password-realm grant. */
  logIn(user: TestUser, request?: LoginRequest): Promise<TokenAnswer>
  refresh(application: Application, refreshToken: string, more?: object): Promise<TokenAnswer>
  /** A token of the common application for an API of the probe’s, by client credentials. */
  machineToken(): Promise<TokenAnswer>
}

export function createLogins(
  { tenant }: Base,
  { api, commonApplication, grant }: Applications,
): Logins {
  async function token(application: Application, parameters: object): Promise<TokenAnswer> {
    const { client_id, client_secret } = application
    const body = { client_id, client_secret, ...parameters }
    return read(await tenant.send('POST', 'oauth/token', body))
  }

  return {
    token,
    async logIn({ database, email, password }, request = {}) {
      const { application, audience, scope = 'openid' } = request
      return token(application ?? (await commonApplication()), {
        grant_type: passwordRealm,
        realm: database,
        username: request.username ?? email,
        password: request.password ?? password,
        scope,
        ...(audience !== undefined && { audience }),
      })
    },
    refresh: (application, refresh_token, more = {}) =>
      token(application, { grant_type: 'refresh_token', refresh_token, ...more }),
    async machineToken() {
      const [application, audience] = [await commonApplication(), await api()]
      await grant(application, audience, ['read:things'])
      return token(application, { grant_type: 'client_credentials', audience })
    },
  }
}

function read({ status, body }: { readonly status: number; readonly body: unknown }): TokenAnswer {
  const { access_token, error, error_description, id_token, refresh_token } = isObject(body)
    ? body
    : {}
  return {
    status,
    error: status === 200 ? null : String(error ?? `status ${status}`),
    description: String(error_description ?? ''),
    refreshToken: typeof refresh_token === 'string' ? refresh_token : null,
    access: decodeClaims(access_token),
    id: decodeClaims(id_token),
  }
}

/** How a login ended, for evidence. A description of the tenant's may name somebody, so it is left out. */
export function outcomeOf({ error, status }: TokenAnswer): string {
  return error === null ? 'the login passes' : `the login fails with ${status} ${error}`
}
