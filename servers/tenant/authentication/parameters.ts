import type { Context } from 'hono'
import { isNestedTooDeep } from '../json-depth.ts'
import { OAuthError } from './oauth-error.ts'

/** Parameters of a request: each at most once, as RFC 6749, section 3.1 asks. */
export type Parameters = Readonly<Record<string, string>>

export function queryParameters(c: Context): Parameters {
  return uniqueParameters(new URL(c.req.url).searchParams)
}

/**
 * @returns The members of a form, or the text members of a JSON object: Auth0 takes both.
 * @throws {OAuthError} `invalid_request` for anything else, and for a parameter given twice.
 */
export async function bodyParameters(c: Context): Promise<Parameters> {
  const type = typeOf(c)
  const text = await c.req.text()
  if (type === 'application/x-www-form-urlencoded') {
    return uniqueParameters(new URLSearchParams(text))
  }
  if (type === 'application/json') return textMembers(parseObject(text))
  throw new OAuthError('invalid_request', 'Send a form or a JSON object.')
}

/** @throws {OAuthError} `invalid_request` for what is no JSON object, or does not say that it is JSON. */
export async function bodyObject(c: Context): Promise<Readonly<Record<string, unknown>>> {
  if (typeOf(c) === 'application/json') return parseObject(await c.req.text())
  throw new OAuthError('invalid_request', 'Send a JSON object.')
}

function typeOf(c: Context): string | undefined {
  return c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
}

/** @throws {OAuthError} `invalid_request` when the text is not a JSON object. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isObject && !isNestedTooDeep(value)) {
      return value as Readonly<Record<string, unknown>>
    }
  } catch {
    // Said below, and without quoting the text: it may hold a password.
  }
  throw new OAuthError('invalid_request', 'The body is not a JSON object.')
}

/** @throws {OAuthError} `invalid_request`, naming the parameter that is missing. */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name]
  if (value === undefined || value === '') {
    throw new OAuthError('invalid_request', `Missing required parameter: ${name}`)
  }
  return value
}

/** Words of a list that is written with spaces, each once. */
export function words(value: string | undefined): readonly string[] {
  return [...new Set((value ?? '').split(' ').filter((word) => word !== ''))]
}

function uniqueParameters(search: URLSearchParams): Parameters {
  const parameters: Record<string, string> = Object.create(null)
  for (const [name, value] of search) {
    if (name in parameters) {
      throw new OAuthError('invalid_request', `Parameter given more than once: ${name}`)
    }
    parameters[name] = value
  }
  return parameters
}

function textMembers(object: Readonly<Record<string, unknown>>): Parameters {
  const parameters: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(object)) {
    if (typeof value !== 'string') {
      throw new OAuthError('invalid_request', `Parameter is not a string: ${name}`)
    }
    parameters[name] = value
  }
  return parameters
}
