import type { Context } from 'hono'
import type { ManagementCaller } from '../access-tokens.ts'
import { verifyManagementToken } from '../access-tokens.ts'
import type { Tenant } from '../state.ts'

/** An answer of the Management API that is no success, with the body that Auth0 gives it. */
export class UsersError extends Error {
  override readonly name = 'UsersError'
  readonly status: keyof typeof reasons
  readonly errorCode: string

  constructor(status: keyof typeof reasons, message: string, errorCode: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
} as const

export function answerUsersError(error: Error, c: Context): Response {
  if (!(error instanceof UsersError)) {
    // The message of what nobody foresaw may hold a profile, and the path an e-mail address.
    console.error(`tenant: the users API failed: ${error.name}`)
    const message = 'Something went wrong.'
    return c.json({ statusCode: 500, error: 'Internal Server Error', message }, 500)
  }
  const { errorCode, message, status } = error
  return c.json({ statusCode: status, error: reasons[status], message, errorCode }, status)
}

export function badBody(message: string): UsersError {
  return new UsersError(400, `Payload validation error: '${message}'.`, 'invalid_body')
}

export function badQuery(message: string): UsersError {
  return new UsersError(400, message, 'invalid_query_string')
}

export function unknownUser(): UsersError {
  return new UsersError(404, 'The user does not exist.', 'inexistent_user')
}

/** @throws {UsersError} 401 without a good token, 403 when the token lacks the scope. */
export async function requireScope(
  c: Context,
  tenant: Tenant,
  scope: string,
): Promise<ManagementCaller> {
  const caller = await verifyManagementToken(tenant, c.req.header('authorization'))
  if (caller === null) throw new UsersError(401, 'Invalid token', 'invalid_token')
  if (caller.scopes.has(scope)) return caller
  const message = `Insufficient scope, expected any of: ${scope}`
  throw new UsersError(403, message, 'insufficient_scope')
}
