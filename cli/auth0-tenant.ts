import { setTimeout } from 'node:timers/promises'
import { Agent, fetch as undiciFetch } from 'undici'
import { CommandError } from './command.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface Answer {
  readonly status: number
  /** JSON where it is that, else text. */
  readonly body: unknown
}

type Method = 'DELETE' | 'GET' | 'PATCH' | 'POST'

/** A tenant by its Management API and its Authentication API. */
export interface Auth0Tenant {
  readonly domain: string
  /** `https://DOMAIN/` */
  readonly issuer: string
  readonly fetch: Fetch
  /** Asks the tenant as anybody may: `send('POST', 'oauth/token', …)`. */
  send(method: Method, path: string, body?: unknown): Promise<Answer>
  /** Asks the Management API: `manage('GET', 'users')`. Waits while the tenant says 429. */
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
}

/** Milliseconds. */
const requestTimeout = 30_000
const longestWait = 65_000
const mostTries = 8

export function connectTenant(options: TenantOptions): Auth0Tenant {
  const { domain, fetch = usualFetch, signal, now = Date.now } = options
  const issuer = `https://${domain}/`
  let token: Promise<string> | undefined

  async function send(method: Method, path: string, body?: unknown, bearer?: string) {
    if (signal?.aborted) throw new CommandError('interrupted', 'Interrupted.')
    const response = await fetch(issuer + path, {
      method,
      signal: AbortSignal.timeout(requestTimeout),
      headers: {
        'content-type': 'application/json',
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw failure(`${method} ${routeOf(path)} got no answer`, cause)
    })
    const text = await response.text()
    return { status: response.status, body: parse(text), headers: response.headers }
  }

  async function tokenFor(): Promise<string> {
    const { clientId: client_id, clientSecret: client_secret } = options
    const audience = `${issuer}api/v2/`
    const asked = { grant_type: 'client_credentials', client_id, client_secret, audience }
    const { status, body } = await send('POST', 'oauth/token', asked)
    const given = isObject(body) ? body.access_token : undefined
    if (typeof given === 'string') return given
    throw failure(`No token for the Management API of ${domain}: status ${status}`)
  }

  async function manage(method: Method, path: string, body?: unknown): Promise<Answer> {
    token ??= tokenFor()
    for (let tries = 1; ; tries += 1) {
      const answer = await send(method, `api/v2/${path}`, body, await token)
      if (answer.status !== 429 || tries === mostTries) return answer
      await pause(waitAfter(answer.headers, now(), tries), signal)
    }
  }

  async function scopes(): Promise<ReadonlySet<string>> {
    token ??= tokenFor()
    const { scope } = decodeClaims(await token)
    return new Set(typeof scope === 'string' ? scope.split(' ') : [])
  }

  return { domain, issuer, fetch, send, manage, scopes }
}

/**
 * @returns The body of an answer that is a success.
 * @throws {CommandError} `request_failed`, with status and error code: Auth0's message may name a user.
 */
export function succeeded<Body>({ status, body }: Answer, what: string): Body {
  if (status >= 200 && status < 300) return body as Body
  const { errorCode } = isObject(body) ? body : {}
  const code = typeof errorCode === 'string' ? ` ${errorCode}` : ''
  throw failure(`${what}: the tenant answered ${status}${code}`)
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

/** @throws {CommandError} `interrupted`. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, signal && { signal }).catch((cause: unknown) => {
    throw failure('Interrupted', cause)
  })
}

const agent = new Agent()

/** undici's types and those of Node's own fetch, which is undici, differ in name only. */
const usualFetch: Fetch = (url, init) =>
  undiciFetch(url, { ...init, dispatcher: agent } as Parameters<
    typeof undiciFetch
  >[1]) as Promise<unknown> as Promise<Response>

/** Milliseconds. https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy */
function waitAfter(headers: Headers, now: number, tries: number): number {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000
  const wait = Number.isFinite(reset) && reset > 0 ? reset - now : 500 * 2 ** tries
  return Math.min(Math.max(wait, 250), longestWait)
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

function failure(message: string, cause?: unknown): CommandError {
  const aborted = cause instanceof Error && cause.name === 'AbortError'
  if (aborted) return new CommandError('interrupted', 'Interrupted.', { cause })
  return new CommandError('request_failed', `${message}.`, { cause })
}
