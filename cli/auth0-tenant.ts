import { Agent, fetch as undiciFetch } from 'undici'
import { CommandError } from './command.ts'
import { encodeBody } from './encoded-body.ts'
import { keepAsking } from './keep-asking.ts'
import { unreachable } from './unreachable.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface Answer {
  readonly status: number
  /** JSON where it is that, else text. */
  readonly body: unknown
  readonly headers: Headers
}

export type Method = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT'

/** A tenant by its Management API and its Authentication API. */
export interface Auth0Tenant {
  readonly domain: string
  /** `https://DOMAIN/` */
  readonly issuer: string
  readonly fetch: Fetch
  /** Asks the tenant as anybody may: `send('POST', 'oauth/token', …)`. */
  send(method: Method, path: string, body?: unknown): Promise<Answer>
  /**
   * Asks the Management API: `manage('GET', 'users')`. Waits while the tenant says 429, gets a new
   * token when it has run out, and asks again after a 5xx or no answer at all, but not with a POST:
   * nobody knows what became of that. A body of the type FormData is sent as multipart/form-data.
   *
   * @throws {CommandError} `tenant_unreachable`, `tenant_not_verified`, `token_refused`, `interrupted`.
   */
  manage(method: Method, path: string, body?: unknown): Promise<Answer>
  /** Scopes of the token for the Management API. */
  scopes(): Promise<ReadonlySet<string>>
}

export interface TenantOptions {
  readonly domain: string
  readonly clientId: string
  readonly clientSecret: string
  /** Aborted: no request is sent any more. One under way ends, so that it is known what it did. */
  readonly signal?: AbortSignal
  /** Default: undici's, over HTTPS with the authorities that Node trusts. */
  readonly fetch?: Fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Told, in words for the operator, what is waited for where that takes long. */
  readonly say?: (line: string) => void
}

/** Milliseconds. */
const requestTimeout = 30_000

export function connectTenant(options: TenantOptions): Auth0Tenant {
  const { domain, fetch = usualFetch, signal, now = Date.now, say } = options
  const issuer = `https://${domain}/`
  const patience = { domain, now, say, signal }
  let token: Promise<string> | undefined

  async function send(method: Method, path: string, body?: unknown, bearer?: string) {
    if (signal?.aborted) throw new CommandError('interrupted', 'Interrupted.')
    const sent = await encodeBody(body)
    try {
      const response = await fetch(issuer + path, {
        method,
        signal: AbortSignal.timeout(requestTimeout),
        // A secret or a token must not follow a redirect to somebody else.
        redirect: 'manual',
        headers: {
          'content-type': sent.contentType,
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        },
        ...(sent.body !== undefined && { body: sent.body }),
      })
      const text = await response.text()
      return { status: response.status, body: parse(text), headers: response.headers }
    } catch (cause) {
      throw unreachable(domain, `${method} ${routeOf(path)}`, cause)
    }
  }

  async function askForToken(): Promise<string> {
    const { clientId: client_id, clientSecret: client_secret } = options
    const audience = `${issuer}api/v2/`
    const asked = { grant_type: 'client_credentials', client_id, client_secret, audience }
    const { status, body } = await keepAsking(
      patience,
      () => send('POST', 'oauth/token', asked),
      true,
    )
    const given = isObject(body) ? body.access_token : undefined
    if (typeof given === 'string') return given
    throw tokenRefused(domain, status, body)
  }

  /** One request for all who wait, and a new one after it has failed. */
  function currentToken(): Promise<string> {
    token ??= askForToken().catch((error: unknown) => {
      token = undefined
      throw error
    })
    return token
  }

  async function manage(method: Method, path: string, body?: unknown): Promise<Answer> {
    const ask = async (bearer: string) => send(method, `api/v2/${path}`, body, bearer)
    const repeatable = method !== 'POST'
    const used = await currentToken()
    const answer = await keepAsking(patience, () => ask(used), repeatable)
    if (answer.status !== 401) return answer
    if ((await token) === used) token = undefined
    const renewed = await currentToken()
    return keepAsking(patience, () => ask(renewed), repeatable)
  }

  async function scopes(): Promise<ReadonlySet<string>> {
    const { scope } = decodeClaims(await currentToken())
    return new Set(typeof scope === 'string' ? scope.split(' ') : [])
  }

  return { domain, issuer, fetch, send, manage, scopes }
}

/**
 * @returns The body of an answer that is a success.
 * @throws {CommandError} `scope_missing`, with the scopes that Auth0 names; else `request_failed`, with
 *   status and error code: Auth0's message may name a user.
 */
export function succeeded<Body>({ status, body }: Answer, what: string): Body {
  if (status >= 200 && status < 300) return body as Body
  const { errorCode, message } = isObject(body) ? body : {}
  if (status === 403 && errorCode === 'insufficient_scope') {
    const scopes = typeof message === 'string' ? (message.match(/\b[a-z]+:[a-z_]+\b/g) ?? []) : []
    const wanted = scopes.length === 0 ? 'a scope it has not' : [...new Set(scopes)].join(' or ')
    const why = `${what} takes ${wanted}: grant it to the application of AUTH0_CLIENT_ID.`
    throw new CommandError('scope_missing', why)
  }
  const code = typeof errorCode === 'string' ? ` ${errorCode}` : ''
  throw new CommandError('request_failed', `${what}: the tenant answered ${status}${code}.`)
}

/** The claims of a JWT whose signature is of no matter here; none of what is no JWT. */
export function decodeClaims(token: unknown): Readonly<Record<string, unknown>> {
  const [, payload = ''] = typeof token === 'string' ? token.split('.') : []
  const claims = parse(Buffer.from(payload, 'base64url').toString('utf8'))
  return isObject(claims) ? claims : {}
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const agent = new Agent()

/** undici's types and those of Node's own fetch, which is undici, differ in name only. */
const usualFetch: Fetch = (url, init) =>
  undiciFetch(url, { ...init, dispatcher: agent } as Parameters<
    typeof undiciFetch
  >[1]) as Promise<unknown> as Promise<Response>

function tokenRefused(domain: string, status: number, body: unknown): CommandError {
  const { error } = isObject(body) ? body : {}
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? ` ${error}` : ''
  const todo =
    'look at AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, and at the grant of that application for the Management API'
  return new CommandError(
    'token_refused',
    `${domain} gave no token for its Management API (${status}${code}): ${todo}.`,
  )
}

/** The path without what may name somebody. */
function routeOf(path: string): string {
  return path.replace(/\?.*/, '').split('/').slice(0, 3).join('/')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
