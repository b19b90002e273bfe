import type { HttpRequest, HttpResponse } from './http-message.ts'
import {
  invalidResponse,
  type LegacyAnswer,
  type Mark,
  parseJson,
  problems,
  unavailable,
} from './legacy-answer.ts'
import { isLegacyUser, type LegacyUser } from './legacy-user.ts'
import { isPlainObject } from './plain-object.ts'

/** POST /v1/users/authenticate. Not to be repeated: each counts as a try of the user's. */
export function authenticateRequest(
  apiUrl: string,
  identifier: string,
  password: string,
): HttpRequest {
  return post(`${apiUrl}/v1/users/authenticate`, {
    identifier: identifier.toLowerCase(),
    password,
  })
}

/** POST /v1/users/lookup: a POST, so that no e-mail address stands in a URL. */
export function lookupRequest(apiUrl: string, identifier: string): HttpRequest {
  return post(`${apiUrl}/v1/users/lookup`, { identifier: identifier.toLowerCase() })
}

/** GET /v1/users/{legacy_id} */
export function readUserRequest(apiUrl: string, legacyId: string): HttpRequest {
  return { method: 'GET', url: `${apiUrl}/v1/users/${encodeURIComponent(legacyId)}` }
}

/** PUT /v1/users/{legacy_id}/migration. Idempotent. */
export function markRequest(apiUrl: string, legacyId: string, mark: Mark): HttpRequest {
  return {
    ...post(`${apiUrl}/v1/users/${encodeURIComponent(legacyId)}/migration`, mark),
    method: 'PUT',
  }
}

function post(url: string, body: unknown): HttpRequest {
  return { method: 'POST', url, contentType: 'application/json', body: JSON.stringify(body) }
}

/**
 * Reads an answer that carries a user.
 *
 * @param legacyId The user that was asked for, where one was asked for by id: an answer about
 *   another one is an outage.
 */
export function processUserResponse(response: HttpResponse, legacyId?: string): LegacyAnswer {
  if (response.status !== 200) return processProblem(response)
  const user = parseJson(response.body)
  if (!isLegacyUser(user)) return invalidResponse
  if (legacyId !== undefined && user.legacy_id !== legacyId) return invalidResponse
  return { type: 'user', user }
}

/**
 * Reads an answer about whoever has this identifier. What is about another address is about somebody
 * else: where a proxy mixes answers up, a stranger would get in with a password of their own. What is
 * no address, a customer's number for one, is the store's to read.
 */
export function processFoundResponse(response: HttpResponse, identifier: string): LegacyAnswer {
  const answer = processUserResponse(response)
  return answer.type === 'user' && isAnother(answer.user, identifier) ? invalidResponse : answer
}

/** A user without an address is not told apart: what comes of them is the mapper's to say. */
function isAnother({ email, username }: LegacyUser, identifier: string): boolean {
  const names = [email, username].map((name) => typeof name === 'string' && name.toLowerCase())
  return !!email && identifier.includes('@') && !names.includes(identifier.trim().toLowerCase())
}

/** Reads the answer to a mark: only 204 is success. */
export function processMarkResponse(response: HttpResponse): LegacyAnswer {
  return response.status === 204 ? { type: 'marked' } : processProblem(response)
}

const problemType = /^application\/problem\+json *(;|$)/i

/**
 * A business answer counts only as a problem of the contract's types (RFC 9457): a gateway's 404 is
 * not a missing user.
 */
function processProblem({ status, contentType, body }: HttpResponse): LegacyAnswer {
  const problem = problemType.test(contentType) ? parseJson(body) : undefined
  if (status >= 400 && status < 500 && isPlainObject(problem)) {
    const known = problems.find((name) => problem.type === `urn:legacy-api:${name}`)
    if (known !== undefined) return { type: 'problem', problem: known }
  }
  return { ...unavailable, status }
}
