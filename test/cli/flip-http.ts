import type { Fetch } from '../../cli/auth0-tenant.ts'
import type { Tenant } from '../../servers/tenant/state.ts'
import type { Flip } from './flip.ts'

/** A request on its way to the tenant. */
export interface Sent {
  /** `PATCH users`: method, and the path to its first or, of Actions, second segment. */
  readonly route: string
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

interface Answered {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Changes the body of requests. */
export function request(change: (sent: Sent) => Sent['body']): Flip {
  return {
    http: (inner) => (url, init) => {
      const sent = sentOf(url, init)
      const body = sent === null ? undefined : change(sent)
      if (sent === null || body === sent.body) return inner(url, init)
      return inner(url, { ...init, body: JSON.stringify(body) })
    },
  }
}

/** Changes answers, once they are known. */
export function answer(change: (answered: Answered, sent: Sent, tenant: Tenant) => Answered): Flip {
  return {
    http: (inner, tenant) => async (url, init) => {
      const response = await inner(url, init)
      const sent = sentOf(url, init)
      if (sent === null) return response
      const text = await response.text()
      const before = { status: response.status, body: parse(text) }
      const after = change(before, sent, tenant)
      const { headers } = response
      if (after === before) return respond(text, response.status, headers)
      return respond(JSON.stringify(after.body), after.status, headers)
    },
  }
}

/** Changes where browsers are sent. */
export function redirect(change: (location: string) => string): Flip {
  return {
    http: (inner) => async (url, init) => {
      const response = await inner(url, init)
      const location = response.headers.get('location')
      if (location === null) return response
      const headers = new Headers(response.headers)
      headers.set('location', change(location))
      return new Response(null, { status: response.status, headers })
    },
  }
}

/** Does something with requests that no change of a body can do. */
export function around(
  send: (
    sent: Sent,
    next: (body?: Sent['body']) => Promise<Response>,
    tenant: Tenant,
  ) => Promise<Response>,
): Flip {
  return {
    http: (inner, tenant) => (url, init) => {
      const sent = sentOf(url, init)
      if (sent === null) return inner(url, init)
      const next = (body?: Sent['body']) =>
        inner(url, body === undefined ? init : { ...init, body: JSON.stringify(body) })
      return send(sent, next, tenant)
    },
  }
}

/** @returns Null for what a browser sends. */
function sentOf(url: string, init: Parameters<Fetch>[1]): Sent | null {
  if (init?.body !== undefined && typeof init.body !== 'string') return null
  const { pathname } = new URL(url)
  const path = pathname.replace(/^\/(api\/v2\/)?/, '')
  const [first = '', second = ''] = path.split('/')
  const place = ['actions', 'dbconnections', 'oauth'].includes(first) ? `${first}/${second}` : first
  return { route: `${init?.method ?? 'GET'} ${place}`, path, body: parse(init?.body ?? '{}') }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function respond(text: string, status: number, headers: Headers): Response {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding']) kept.delete(name)
  return new Response(status === 204 ? null : text, { status, headers: kept })
}
