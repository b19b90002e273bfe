import { setTimeout } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import { routeOf } from './request-log.ts'

/** Something that goes wrong with requests to one route, and how often. */
export interface Fault {
  readonly method: string
  /** As Auth0 writes it: `/api/v2/clients/{id}`. */
  readonly route: string
  /** Answered in place of the route, which does not see the request. */
  readonly status?: 429 | 500 | 503
  /**
   * The connection is closed without an answer: `before` the route sees the request, or `after` it
   * has done what it was asked to.
   */
  readonly cut?: 'before' | 'after'
  /** Milliseconds that the request waits first. */
  readonly delay?: number
  /** Matching requests that pass first. Default 0. */
  readonly skip?: number
  /** Matching requests that it then strikes. Default: all. */
  readonly times?: number
}

/** What goes wrong with a tenant on demand. Nothing of it is left to chance. */
export interface Faults {
  /**
   * Of several for a request the one that was added first strikes.
   *
   * @throws {TypeError} For a route that the tenant does not have, and for a fault of no effect.
   */
  add(fault: Fault): void
  /** Ends all of them. */
  clear(): void
}

interface Active {
  readonly fault: Fault
  seen: number
}

export interface FaultInjector extends Faults {
  readonly middleware: MiddlewareHandler
}

/** @param routes Known ones: `GET /api/v2/clients/{id}`. Asked at each `add`. */
export function createFaults(routes: () => ReadonlySet<string>): FaultInjector {
  let active: Active[] = []
  return {
    add(fault) {
      assertFault(fault, routes())
      active.push({ fault, seen: 0 })
    },
    clear() {
      active = []
    },
    async middleware(c, next) {
      const fault = striking(active, c.req.method, routeOf(c))
      return fault === undefined ? next() : strike(c, fault, next)
    },
  }
}

function assertFault({ method, route, status, cut, delay }: Fault, routes: ReadonlySet<string>) {
  if (!routes.has(`${method} ${route}`)) {
    throw new TypeError(
      `The tenant has no route ${method} ${route}; a fault names one as GET /api/v2/clients/{id}`,
    )
  }
  if (status !== undefined && cut !== undefined) {
    throw new TypeError('A fault has a status or cuts the connection, not both')
  }
  if (status === undefined && cut === undefined && delay === undefined) {
    throw new TypeError('A fault needs a status, a cut or a delay')
  }
}

/** Every fault of the route counts the request; one strikes. */
function striking(active: readonly Active[], method: string, route: string): Fault | undefined {
  const matching = active.filter(({ fault }) => fault.method === method && fault.route === route)
  const due = matching.filter((one) => {
    const { skip = 0, times = Number.POSITIVE_INFINITY } = one.fault
    const position = one.seen - skip
    return position >= 0 && position < times
  })
  for (const one of matching) one.seen += 1
  return due[0]?.fault
}

async function strike(c: Context, { cut, delay, status }: Fault, next: () => Promise<void>) {
  if (delay !== undefined) await setTimeout(delay)
  if (status !== undefined) return failure(c, status)
  if (cut !== 'before') await next()
  return cut === undefined ? undefined : closeConnection(c)
}

function closeConnection(c: Context<{ Bindings: HttpBindings }>): void {
  c.env.outgoing.destroy()
  // Else the headers of the answer that was made would be kept.
  c.res = undefined
  c.res = new Response(null, RESPONSE_ALREADY_SENT)
}

const reasons = {
  429: ['Too Many Requests', 'Global limit has been reached', 'too_many_requests'],
  500: ['Internal Server Error', 'An internal server error occurred', 'server_error'],
  503: ['Service Unavailable', 'The service is unavailable', 'temporarily_unavailable'],
} as const

/** As either API words it. */
function failure(c: Context, statusCode: keyof typeof reasons): Response {
  const [error, message, code] = reasons[statusCode]
  if (!c.req.path.startsWith('/api/v2/')) {
    return c.json({ error: code, error_description: message }, statusCode)
  }
  if (statusCode !== 429) return c.json({ statusCode, error, message }, statusCode)
  c.header('x-ratelimit-remaining', '0')
  c.header('x-ratelimit-reset', String(Math.ceil(Date.now() / 1000) + 1))
  return c.json({ statusCode, error, message, errorCode: code }, 429)
}
