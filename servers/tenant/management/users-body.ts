import type { Context } from 'hono'
import type { Json, JsonObject } from '../state.ts'
import { isEmail } from '../users/imported-profile.ts'
import { isObject, metadataProblem } from '../users/metadata.ts'
import { badBody } from './users-error.ts'

type Kind = 'boolean' | 'object' | 'string'

/** What both POST and PATCH take. https://auth0.com/docs/api/management/v2/users */
const userMembers: Readonly<Record<string, Kind>> = {
  app_metadata: 'object',
  blocked: 'boolean',
  connection: 'string',
  email: 'string',
  email_verified: 'boolean',
  family_name: 'string',
  given_name: 'string',
  name: 'string',
  nickname: 'string',
  password: 'string',
  phone_number: 'string',
  phone_verified: 'boolean',
  picture: 'string',
  user_metadata: 'object',
  username: 'string',
  verify_email: 'boolean',
}

export const creationMembers: Readonly<Record<string, Kind>> = { ...userMembers, user_id: 'string' }

export const changeMembers: Readonly<Record<string, Kind>> = {
  ...userMembers,
  client_id: 'string',
  verify_password: 'boolean',
  verify_phone_number: 'boolean',
}

export const linkMembers: Readonly<Record<string, Kind>> = {
  connection_id: 'string',
  provider: 'string',
  user_id: 'string',
}

/** What is copied from a body to the root of a profile as it is. */
export const rootMembers = [
  'blocked',
  'email_verified',
  'family_name',
  'given_name',
  'name',
  'nickname',
  'phone_number',
  'phone_verified',
  'picture',
]

/**
 * Reads a body and holds it against what the endpoint takes.
 *
 * @throws {UsersError} 400, naming the member and never its value.
 */
export async function readBody(
  c: Context,
  members: Readonly<Record<string, Kind>>,
): Promise<JsonObject> {
  const body = parse(await c.req.text())
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(members, name))
  if (unknown.length > 0) throw badBody(`Additional properties not allowed: ${unknown.join(', ')}`)
  for (const [name, value] of Object.entries(body)) checkMember(name, members[name], value)
  return body
}

/** @throws {UsersError} 400 when the member is not there. */
export function requiredText(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw badBody(`Missing required property: ${name}`)
}

function checkMember(name: string, kind: Kind | undefined, value: Json): void {
  if (kind === 'object') {
    const problem = metadataProblem(
      name === 'app_metadata' ? 'app_metadata' : 'user_metadata',
      value,
    )
    if (problem !== null) throw badBody(problem)
    return
  }
  if (typeof value !== kind) throw badBody(`Expected type ${kind} but found another: ${name}`)
  if (name === 'email' && !isEmail(String(value))) {
    throw badBody('Object did not pass validation for format email: email')
  }
}

function parse(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch {
    // Said below, without quoting the text.
  }
  throw badBody('Expected type object but found another')
}
