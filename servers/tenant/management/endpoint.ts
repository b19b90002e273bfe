import type { Context, Hono, MiddlewareHandler } from 'hono'
import { type ManagementCaller, verifyManagementToken } from '../access-tokens.ts'
import type { Tenant } from '../state.ts'
import { ManagementError } from './management-error.ts'

type Method = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT'

type Handle = (c: Context, caller: ManagementCaller) => Response | Promise<Response>

/**
 * Adds an endpoint that takes a token with `scope`, or with any of several, and nobody without one.
 *
 * @param path Hono's pattern, under `/api/v2`: `/clients/:id`.
 */
export type AddEndpoint = (
  method: Method,
  path: string,
  scope: string | readonly string[],
  handle: Handle,
) => void

/** @param limit What refuses a body that is too large. */
export function endpointsOf(api: Hono, tenant: Tenant, limit: MiddlewareHandler): AddEndpoint {
  return (method, path, scope, handle) => {
    api.on(method, path, limit, async (c) => {
      const caller = await callerOf(c, tenant)
      assertScope(caller, scope)
      return handle(c, caller)
    })
  }
}

/** @throws {ManagementError} 403. */
export function assertScope(caller: ManagementCaller, scope: string | readonly string[]): void {
  const scopes = [scope].flat()
  if (scopes.some((one) => caller.scopes.has(one))) return
  const message = `Insufficient scope, expected any of: ${scopes.join(',')}`
  throw new ManagementError(403, message, 'insufficient_scope')
}

/** @returns A segment of the path that the pattern of the endpoint names. */
export function segment(c: Context, name: string): string {
  return c.req.param(name) ?? ''
}

async function callerOf(c: Context, tenant: Tenant): Promise<ManagementCaller> {
  const header = c.req.header('authorization')
  if (header === undefined) {
    throw new ManagementError(401, 'Missing authentication', 'missing_authentication')
  }
  const caller = await verifyManagementToken(tenant, header)
  if (caller === null) throw new ManagementError(401, 'Invalid token', 'invalid_token')
  return caller
}
