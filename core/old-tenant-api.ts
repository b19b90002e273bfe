import type { HttpRequest, HttpResponse } from './http-message.ts'
import {
  invalidResponse,
  type LegacyAnswer,
  type Mark,
  parseJson,
  unavailable,
} from './legacy-answer.ts'
import { databasesOf, heldUser, movedKey, oldTenantUser } from './old-tenant-user.ts'
import { isPlainObject } from './plain-object.ts'

/**
 * The Management API of an old tenant, in the place of a legacy API: twin of `legacy-api.ts`, which the
 * build exchanges for it where the config says `source: 'auth0-tenant'`.
 *
 * @see https://auth0.com/docs/api/management/v2/users
 */

/** A request about one user, of whom it may turn out that another profile holds them. */
export interface UserRequest extends HttpRequest {
  readonly legacyId: string
  readonly mark?: Mark
}

/** GET /users-by-email: exact and consistent, as search is not. Addresses are stored in lower case. */
export function lookupRequest(apiUrl: string, identifier: string): HttpRequest {
  const email = encodeURIComponent(identifier.toLowerCase())
  return { method: 'GET', url: `${apiUrl}/users-by-email?email=${email}` }
}

/** GET /users/{id} */
export function readUserRequest(apiUrl: string, legacyId: string): UserRequest {
  return { method: 'GET', url: userUrl(apiUrl, `auth0|${legacyId}`), legacyId }
}

/** PATCH /users/{id}: merges the first level of app_metadata, so that no other key is touched. Idempotent. */
export function markRequest(
  apiUrl: string,
  legacyId: string,
  mark: Mark,
  heldBy = `auth0|${legacyId}`,
): UserRequest {
  return {
    method: 'PATCH',
    url: userUrl(apiUrl, heldBy),
    contentType: 'application/json',
    body: JSON.stringify({ app_metadata: { [movedKey]: mark } }),
    legacyId,
    mark,
  }
}

function userUrl(apiUrl: string, userId: string): string {
  return `${apiUrl}/users/${encodeURIComponent(userId)}`
}

/** Reads the answer to `readUserRequest`. */
export function processUserResponse(
  { status, body }: HttpResponse,
  legacyId: string,
): LegacyAnswer {
  if (status !== 200) return processFailure(status, body)
  const user = heldUser(parseJson(body), { user_id: legacyId })
  return user === null ? invalidResponse : { type: 'user', user }
}

/**
 * Reads the answer to `lookupRequest`: of all who have the address, those of the connection.
 *
 * @param connection Of the old tenant, by its name.
 */
export function processLookupResponse(
  { status, body }: HttpResponse,
  identifier: string,
  connection: string,
): LegacyAnswer {
  if (status !== 200) return processFailure(status, body)
  const profiles = parseJson(body)
  if (!Array.isArray(profiles)) return invalidResponse
  const mine = profiles.filter((profile) => databasesOf(profile).includes(connection))
  const users = mine.map((profile) => oldTenantUser(profile, { connection }))
  if (users.includes(null)) {
    // Two accounts of the connection linked to one another: nobody can say which was meant.
    const twice = mine.some(
      (one) => databasesOf(one).filter((name) => name === connection).length > 1,
    )
    return twice ? { type: 'problem', problem: 'ambiguous' } : invalidResponse
  }
  // The address may be that of a primary identity of another connection, and not this user's own.
  const email = identifier.toLowerCase()
  const found = users.filter((user) => String(user?.email).toLowerCase() === email)
  if (found.length > 1) return { type: 'problem', problem: 'ambiguous' }
  const [user] = found
  return user ? { type: 'user', user } : { type: 'problem', problem: 'user-not-found' }
}

/** Reads the answer to a mark. */
export function processMarkResponse({ status, body }: HttpResponse): LegacyAnswer {
  return status === 200 ? { type: 'marked' } : processFailure(status, body)
}

/** What an answer other than 200 means. A gateway's 404 is not a missing user: Auth0 says which it is. */
export function processFailure(status: number, body: string): LegacyAnswer {
  const error = parseJson(body)
  const code = isPlainObject(error) ? error.errorCode : undefined
  if (status === 404 && code === 'inexistent_user') {
    return { type: 'problem', problem: 'user-not-found' }
  }
  if (status === 403) return { type: 'outage', code: 'old_tenant_grant_missing', status }
  return { ...unavailable, status }
}
