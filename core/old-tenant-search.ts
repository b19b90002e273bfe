import type { HttpRequest, HttpResponse } from './http-message.ts'
import { invalidResponse, type LegacyAnswer, parseJson } from './legacy-answer.ts'
import { processFailure } from './old-tenant-api.ts'
import { invalidConnection } from './old-tenant-login.ts'
import { databasesOf, heldUser } from './old-tenant-user.ts'

/**
 * Searches of the old tenant's users, for the two questions that nothing else answers. A search may be
 * behind by seconds: nobody is let in by what one finds, and no address is free by what it does not.
 *
 * @see https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */

/** GET /users: who a linked account is linked to, since it has no profile of its own. */
export function holderRequest(apiUrl: string, legacyId: string, connection: string): HttpRequest {
  const query = `${term('user_id', legacyId)} AND ${term('connection', connection)}`
  return { method: 'GET', url: searchUrl(apiUrl, query) }
}

/** GET /users: anybody of the connection. */
export function anybodyRequest(apiUrl: string, connection: string): HttpRequest {
  return { method: 'GET', url: `${searchUrl(apiUrl, term('connection', connection))}&per_page=1` }
}

/** Of Lucene's syntax a quoted phrase has two characters that end or bend it. */
function term(member: string, value: string): string {
  return `identities.${member}:"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

function searchUrl(apiUrl: string, query: string): string {
  return `${apiUrl}/users?search_engine=v3&q=${encodeURIComponent(query)}`
}

/** Reads the answer to `holderRequest`: what a search finds is held against what was asked. */
export function processHolderResponse(
  { status, body }: HttpResponse,
  legacyId: string,
  connection: string,
): LegacyAnswer {
  if (status !== 200) return processFailure(status, body)
  const profiles = parseJson(body)
  if (!Array.isArray(profiles)) return invalidResponse
  const which = { user_id: legacyId, connection }
  const [user] = profiles.map((one) => heldUser(one, which)).filter((one) => one !== null)
  return user ? { type: 'user', user } : { type: 'problem', problem: 'user-not-found' }
}

/**
 * True where whoever has the address is of databases, and none of them is ours: so it looks, too, where
 * the connection's name is misspelt, and then a stranger would be let have the address.
 */
export function isElsewhere({ body }: HttpResponse, connection: string): boolean {
  const profiles = parseJson(body)
  const databases = Array.isArray(profiles) ? profiles.flatMap(databasesOf) : []
  return databases.length > 0 && !databases.includes(connection)
}

/** Reads the answer to `anybodyRequest`. An empty database and a misspelt one look the same. */
export function processAnybodyResponse({ status, body }: HttpResponse): LegacyAnswer {
  if (status !== 200) return processFailure(status, body)
  const profiles = parseJson(body)
  if (!Array.isArray(profiles)) return invalidResponse
  if (profiles.length > 0) return { type: 'problem', problem: 'user-not-found' }
  return invalidConnection
}
