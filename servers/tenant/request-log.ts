import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'

/** One request. Nothing in it comes from the request but its method. */
export interface RequestEntry {
  readonly method: string
  /** As Auth0 writes it: `/api/v2/clients/{id}`; `*` for what no route takes. */
  readonly route: string
  /** 0 when the connection was gone before the answer. */
  readonly status: number
}

/** A request that no route takes: something that the stand-in does not have, and Auth0 might. */
export interface UnknownRequest {
  readonly method: string
  /** Without the query. */
  readonly path: string
}

/** Tells `onRequest` of every answer, and keeps what was asked for in vain in `unknown`. */
export function logRequests(
  onRequest: (entry: RequestEntry) => void,
  unknown: UnknownRequest[],
): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const route = routeOf(c)
    const { method, path } = c.req
    if (route === '*') unknown.push({ method, path })
    onRequest({ method, route, status: isCut(c) ? 0 : c.res.status })
  }
}

/** The route that takes a request, as Auth0 writes it; `*` for none. */
export function routeOf(c: Context): string {
  // Middleware for every path is no route.
  const pattern = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path
  return pattern === undefined ? '*' : templateOf(pattern)
}

/** All that there are: `GET /api/v2/clients/{id}`. */
export function routesOf({ routes }: Hono): ReadonlySet<string> {
  return new Set(routes.map(({ method, path }) => `${method} ${templateOf(path)}`))
}

function templateOf(pattern: string): string {
  return pattern.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')
}

/** Whether the connection is gone, so that no answer gets through. */
function isCut({ env }: Context<{ Bindings: Partial<HttpBindings> }>): boolean {
  return env?.outgoing?.destroyed ?? false
}
