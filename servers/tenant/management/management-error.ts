import type { Context } from 'hono'

const reasons = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
} as const

/** An answer of the Management API that is no success, with the body that Auth0 gives it. */
export class ManagementError extends Error {
  override readonly name = 'ManagementError'
  readonly status: keyof typeof reasons
  readonly errorCode: string

  constructor(status: keyof typeof reasons, message: string, errorCode: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

/** @param message Names the member and never its value. */
export function invalidBody(message: string): ManagementError {
  return new ManagementError(400, `Payload validation error: ${message}.`, 'invalid_body')
}

export function invalidQuery(message: string): ManagementError {
  return new ManagementError(400, `Query validation error: ${message}.`, 'invalid_query_string')
}

export function answerError(error: Error, c: Context): Response {
  if (!(error instanceof ManagementError)) {
    // The message of what nobody foresaw may hold a secret, and the path an e-mail address.
    console.error(`tenant: the Management API failed: ${error.name}`)
    const message = 'An internal server error occurred'
    return c.json({ statusCode: 500, error: 'Internal Server Error', message }, 500)
  }
  const { errorCode, message, status } = error
  return c.json({ statusCode: status, error: reasons[status], message, errorCode }, status)
}
