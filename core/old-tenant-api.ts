import type { HttpRequest, HttpResponse } from './http-message.ts'
import {
  invalidResponse,
  type LegacyAnswer,
  type Mark,
  parseJson,
  unavailable,
} from './legacy-answer.ts'
import { movedKey, oldTenantUser } from './old-tenant-user.ts'
import { isPlainObject } from './plain-object.ts'

/**
 * The Management API of an old tenant, in the place of a legacy API: twin of `legacy-api.ts`, which the
 * build exchanges for it where the config says `source: 'auth0-tenant'`.
 *
 * @see https://auth0.com/docs/api/management/v2/users
 */

/** GET /users-by-email: exact and consistent, as search is not. Addresses are stored in lower case. */
export function lookupRequest(apiUrl: string, identifier: string): HttpRequest {
  const email = encodeURIComponent(identifier.toLowerCase())
  return { method: 'GET', url: `${apiUrl}/users-by-email?email=${email}` }
}

/** GET /users/{id} */
export function readUserRequest(apiUrl: string, legacyId: string): HttpRequest {
  return { method: 'GET', url: userUrl(apiUrl, legacyId) }
}

/** PATCH /users/{id}: merges the first level of app_metadata, so that no other key is touched. Idempotent. */
export function markRequest(apiUrl: string, legacyId: string, mark: Mark): HttpRequest {
  return {
    method: 'PATCH',
    url: userUrl(apiUrl, legacyId),
    contentType: 'application/json',
    body: JSON.stringify({ app_metadata: { [movedKey]: mark } }),
  }
}

function userUrl(apiUrl: string, legacyId: string): string {
  return `${apiUrl}/users/${encodeURIComponent(`auth0|${legacyId}`)}`
}

/** Reads the answer to `readUserRequest`. */
export function processUserResponse(
  { status, body }: HttpResponse,
  legacyId: string,
): LegacyAnswer {
  if (status !== 200) return processFailure(status, body)
  const user = oldTenantUser(parseJson(body), { user_id: legacyId })
  if (user === null) return invalidResponse
  return { type: 'user', user }
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
  const mine = profiles.filter((profile) => hasIdentity(profile, connection))
  const users = mine.map((profile) => oldTenantUser(profile, { connection }))
  if (users.includes(null)) {
    // Two accounts of the connection linked to one another: nobody can say which was meant.
    return { type: 'problem', problem: 'ambiguous' }
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

/** A gateway's 404 is not a missing user: Auth0 says which it is. */
function processFailure(status: number, body: string): LegacyAnswer {
  const error = status === 404 ? parseJson(body) : undefined
  if (isPlainObject(error) && error.errorCode === 'inexistent_user') {
    return { type: 'problem', problem: 'user-not-found' }
  }
  return { ...unavailable, status }
}

function hasIdentity(profile: unknown, connection: string): boolean {
  if (!isPlainObject(profile) || !Array.isArray(profile.identities)) return false
  return profile.identities.some(
    (one) => isPlainObject(one) && one.provider === 'auth0' && one.connection === connection,
  )
}
