import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { errors } from 'jose'
import { KeySetUnavailable } from './access-token.ts'
import { untypedProblem } from './problem.ts'

/** One line of the request log. Nothing in it comes from the request but its method. */
export interface RequestLogEntry {
  readonly method: string
  /** The contract's template, `/v1/users/{legacy_id}`; `*` for a path it does not know. Never the id. */
  readonly route: string
  readonly status: number
  /** Milliseconds until the answer began; an export goes on streaming after that. */
  readonly elapsedMs: number
  /** Where the answer is a 5xx: SQLSTATE or another stable code, never a message. */
  readonly failure?: string
}

export interface RequestVariables {
  readonly Variables: { route?: string }
}

/** Tells `onRequest` of every answer. */
export function logRequests(
  onRequest: (entry: RequestLogEntry) => void,
): MiddlewareHandler<RequestVariables> {
  return async (c, next) => {
    const startedAt = performance.now()
    await next()
    onRequest({
      method: c.req.method,
      route: c.get('route') ?? '*',
      status: c.res.status,
      elapsedMs: performance.now() - startedAt,
      ...(c.res.status >= 500 && { failure: failureCode(c.error) }),
    })
  }
}

/** Messages of drivers quote values (`Key (identifier)=(…) already exists`), so only a code is kept. */
function failureCode(error: unknown): string {
  const cause = error instanceof KeySetUnavailable ? error.cause : error
  if (cause instanceof errors.JOSEError) return cause.code
  const code = (cause as { readonly code?: unknown } | undefined)?.code
  if (typeof code === 'string') return code
  return cause instanceof Error ? cause.name : 'unknown'
}

/** Answers for what a handler threw: a refusal as it is, anything else without a detail. */
export function answerFailure(error: Error): Response {
  if (error instanceof HTTPException) return error.getResponse()
  return untypedProblem(error instanceof KeySetUnavailable ? 503 : 500)
}
