import type { Context } from 'hono'
import type { JsonObject } from '../state.ts'
import { isEmail } from '../users/imported-profile.ts'
import { metadataProblem } from '../users/metadata.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, type Kind, readBody } from './request-body.ts'

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

export const creationShape: BodyShape = {
  members: { ...userMembers, user_id: 'string' },
  required: ['connection', 'email', 'password'],
}

export const changeShape: BodyShape = {
  members: {
    ...userMembers,
    client_id: 'string',
    verify_password: 'boolean',
    verify_phone_number: 'boolean',
  },
  // Of a database's user, address, username and password are not among them.
  // https://auth0.com/docs/api/management/v2/users/patch-users-by-id
  nullable: ['family_name', 'given_name', 'name', 'nickname', 'phone_number', 'picture'],
}

export const linkShape: BodyShape = {
  members: { connection_id: 'string', provider: 'string', user_id: 'string' },
  required: ['provider', 'user_id'],
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

/** @throws {ManagementError} 400, naming the member and never its value. */
export async function readUserBody(c: Context, shape: BodyShape): Promise<JsonObject> {
  const body = await readBody(c, shape)
  for (const kind of ['app_metadata', 'user_metadata'] as const) {
    const problem = body[kind] === undefined ? null : metadataProblem(kind, body[kind])
    if (problem !== null) throw invalidBody(`'${problem}'`)
  }
  for (const name of ['user_id', 'username']) {
    if (body[name] === '') throw invalidBody(`'String is too short' on property ${name}`)
  }
  if (typeof body.email === 'string' && !isEmail(body.email)) {
    throw invalidBody("'Object did not pass validation for format email' on property email")
  }
  return body
}
