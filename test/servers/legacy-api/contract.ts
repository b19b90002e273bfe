import { assertAnswer } from './contract-answer.ts'
import { contract, mediaType, type Operation } from './contract-document.ts'
import { assertRequest } from './contract-request.ts'

export interface Call {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The request breaks the contract on purpose; the answer must keep it all the same. */
  readonly invalid?: boolean
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: validated against the contract, read by assertions
  readonly body: any
}

/** Sends a request and fails unless it and its answer are what the contract describes. */
export async function contractFetch(origin: string, call: Call): Promise<Answer> {
  const { path, operation } = findOperation(call)
  if (!call.invalid) assertRequest(path, operation, call)
  const response = await fetch(`${origin}${call.path}`, {
    method: call.method,
    headers: {
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  })
  const answer = await readAnswer(response)
  assertAnswer(path, call.method.toLowerCase(), operation, answer)
  return answer
}

function findOperation({ method, path }: Call): { path: string; operation: Operation } {
  const segments = path.split('?')[0]?.split('/') ?? []
  const found = Object.keys(contract.paths)
    .filter((template) => matches(template.split('/'), segments))
    .sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')))[0]
  const operation = contract.paths[found ?? '']?.[method.toLowerCase()]
  if (found === undefined || !operation) throw new Error(`the contract has no ${method} for this`)
  return { path: found, operation }
}

function matches(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false
  return template.every((part, index) => part.startsWith('{') || part === segments[index])
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const json =
    /json$/.test(mediaType(response.headers)) && !/ndjson/.test(mediaType(response.headers))
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: json ? JSON.parse(text) : undefined,
  }
}
