import { STATUS_CODES } from 'node:http'

/** The contract's business answers: what `type` says after `urn:legacy-api:`, its status and title. */
const businessProblems = {
  'already-migrated': [409, 'The user has migrated.'],
  ambiguous: [409, 'The identifier names more than one user.'],
  blocked: [403, 'The user is blocked.'],
  'invalid-credentials': [401, 'The credentials are not right.'],
  'migrated-to-another-user': [409, 'The user is marked as migrated to another Auth0 user.'],
  'user-not-found': [404, 'There is no such user.'],
} as const

export type BusinessProblem = keyof typeof businessProblems

/** An answer that clients act upon. Its text is fixed, so nothing personal can get into it. */
export function businessProblem(name: BusinessProblem): Response {
  const [status, title] = businessProblems[name]
  return problem({ type: `urn:legacy-api:${name}`, title, status })
}

/**
 * Any other refusal or failure; to clients, an outage.
 *
 * @param detail What is wrong with the request, by member or parameter, never by value.
 * @see https://www.rfc-editor.org/rfc/rfc9457.html#section-4.2.1
 */
export function untypedProblem(
  status: number,
  detail?: string,
  headers?: Readonly<Record<string, string>>,
): Response {
  const title = STATUS_CODES[status] ?? 'Error'
  return problem({ type: 'about:blank', title, status, ...(detail && { detail }) }, headers)
}

function problem(
  body: { readonly type: string; readonly title: string; readonly status: number },
  headers?: Readonly<Record<string, string>>,
): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
}
