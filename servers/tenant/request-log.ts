import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'

/** One request. Nothing in it comes from the request but its method. */
export interface RequestEntry {
  readonly method: string
  /** As Auth0 writes it: `/api/v2/clients/{id}`; `*` for what no route takes. */
  readonly route: string
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
    // Middleware for every path is no route.
    const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path
    const method = c.req.method
    if (route === undefined) unknown.push({ method, path: c.req.path })
    onRequest({ method, route: templateOf(route), status: c.res.status })
  }
}

function templateOf(pattern: string | undefined): string {
  if (pattern === undefined) return '*'
  return pattern.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')
}
