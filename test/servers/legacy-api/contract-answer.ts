import type { Answer } from './contract.ts'
import {
  assertShape,
  businessTypes,
  escapePointer,
  mediaType,
  type Operation,
} from './contract-document.ts'

export function assertAnswer(
  path: string,
  method: string,
  operation: Operation,
  answer: Answer,
): void {
  if (answer.status >= 400) {
    assertProblem(operation, answer)
    return
  }
  const documented = operation.responses[answer.status]
  if (documented === undefined) throw new Error(`status ${answer.status} is not in the contract`)
  const [type] = Object.keys(documented.content ?? {})
  if (mediaType(answer.headers) !== (type ?? '')) {
    throw new Error(`content type ${mediaType(answer.headers)} instead of ${type}`)
  }
  if (type === undefined) {
    if (answer.text !== '') throw new Error('a body where the contract has none')
    return
  }
  const pointer = `/paths/${escapePointer(path)}/${method}/responses/${answer.status}/content/${escapePointer(type)}/schema`
  const bodies = type === 'application/x-ndjson' ? userLines(answer.text) : [answer.body]
  for (const body of bodies) assertShape(pointer, body, `${answer.status} body`)
}

/** @throws When the stream was cut off, or counts other than it holds. */
export function userLines(text: string): { legacy_id: string; [member: string]: unknown }[] {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Error('the last line is not ended')
  const values = lines.map((line) => JSON.parse(line))
  const end = values.pop()
  if (end?.end !== true || end.count !== values.length) throw new Error('the stream was cut off')
  return values
}

/**
 * Business types only where the operation's own text names them. Untyped: the statuses that the
 * contract's introduction speaks of ("any other 4xx or 5xx"), and 429 where it is listed.
 */
function assertProblem(operation: Operation, { status, headers, body }: Answer): void {
  if (mediaType(headers) !== 'application/problem+json') throw new Error(`${status} is no problem`)
  if (body.status !== status) throw new Error(`status ${status}, but the body says ${body.status}`)
  const unknown = Object.keys(body).filter(
    (name) => !['type', 'title', 'status', 'detail'].includes(name),
  )
  if (unknown.length > 0) throw new Error(`problem with ${unknown}`)
  if (body.type === 'about:blank') {
    const expected = [400, 401, 403, 404, 405, 413, 415, 500, 503]
    if (expected.includes(status) || operation.responses[status]) return
    throw new Error(`status ${status} is not in the contract`)
  }
  const named = operation.responses[status]?.description.matchAll(/`([a-z-]+)`/g) ?? []
  const types = [...named]
    .map(([, name = '']) => name)
    .filter((name) => businessTypes.includes(name))
  if (!types.some((name) => body.type === `urn:legacy-api:${name}`)) {
    throw new Error(`status ${status} with type ${body.type} is not in the contract`)
  }
}
