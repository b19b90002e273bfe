import type { Context } from 'hono'
import { isNestedTooDeep } from '../json-depth.ts'
import type { Json, JsonObject } from '../state.ts'
import { invalidBody } from './management-error.ts'

/** A type of JSON, or the texts that are allowed. */
export type Kind =
  | 'array'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'object'
  | 'string'
  | readonly string[]

/** What an endpoint takes. Nothing else may be in a body. */
export interface BodyShape {
  readonly members: Readonly<Record<string, Kind>>
  readonly required?: readonly string[]
  /** Where `null` takes a member away: in all of them, or in these. */
  readonly nullable?: true | readonly string[]
}

/**
 * Reads a body and holds it against what the endpoint takes.
 *
 * @throws {ManagementError} 400, naming the member and never its value.
 */
export async function readBody(c: Context, shape: BodyShape): Promise<JsonObject> {
  const text = await c.req.text()
  const body = isJson(c) ? parse(text) : text
  if (!isObject(body)) throw invalidBody(`'Expected type object but found type ${typeOf(body)}'`)
  checkShape(body, shape)
  return body
}

/** What names no type is taken for JSON, and what names another for the text that it is. */
function isJson(c: Context): boolean {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  return type === undefined || type === 'application/json'
}

/**
 * @param at Where the object stands in the body, for the message: `secrets/0/`.
 * @throws {ManagementError} 400.
 */
export function checkShape(object: JsonObject, shape: BodyShape, at = ''): void {
  const { members, required = [], nullable = [] } = shape
  const mayBeNull = nullable === true ? Object.keys(members) : nullable
  const unknown = Object.keys(object).filter((name) => !Object.hasOwn(members, name))
  if (unknown.length > 0) {
    const names = unknown.map((name) => at + name).join(', ')
    throw invalidBody(`'Additional properties not allowed: ${names}'`)
  }
  for (const name of required) {
    if (object[name] === undefined) throw invalidBody(`'Missing required property: ${at}${name}'`)
  }
  for (const [name, value] of Object.entries(object)) {
    if (value === null && mayBeNull.includes(name)) continue
    checkKind(value, members[name] ?? 'string', `${at}${name}`)
  }
}

/** @throws {ManagementError} 400 when it is no list of objects of that shape. */
export function objectsOf(
  body: JsonObject,
  name: string,
  shape: BodyShape,
): readonly JsonObject[] | undefined {
  const list = body[name]
  if (!Array.isArray(list)) return undefined
  return list.map((entry: Json, position) => {
    const at = `${name}/${position}`
    if (!isObject(entry)) throw expected('object', entry, at)
    checkShape(entry, shape, `${at}/`)
    return entry
  })
}

/** @throws {ManagementError} 400 when it is no list of texts. */
export function textsOf(body: JsonObject, name: string): readonly string[] | undefined {
  const list = body[name]
  if (!Array.isArray(list)) return undefined
  return list.map((entry: Json, position) => {
    if (typeof entry === 'string') return entry
    throw expected('string', entry, `${name}/${position}`)
  })
}

export function textOf(body: JsonObject, name: string): string | undefined {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is left of a body when every `null` has taken its member away. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

function checkKind(value: Json, kind: Kind, at: string): void {
  if (typeof kind !== 'string') {
    if (typeof value === 'string' && kind.includes(value)) return
    throw invalidBody(`'No enum match' on property ${at} (one of ${kind.join(', ')})`)
  }
  const found = typeOf(value)
  if (found === kind || (kind === 'number' && found === 'integer')) return
  throw expected(kind, value, at)
}

function expected(kind: string, value: Json, at: string) {
  return invalidBody(`'Expected type ${kind} but found type ${typeOf(value)}' on property ${at}`)
}

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (Number.isInteger(value)) return 'integer'
  return typeof value
}

function parse(text: string): Json {
  const value = parsedJson(text)
  if (value === undefined) throw invalidBody("'The body is not JSON'")
  if (isNestedTooDeep(value)) throw invalidBody("'The body is nested too deep'")
  return value
}

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
