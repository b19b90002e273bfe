import type { Context } from 'hono'
import type { Services } from '../services.ts'
import type { Client, Connection, JsonObject, Tenant, User } from '../state.ts'
import { createUser, type NewUser } from '../users/create-user.ts'
import { isEmail } from '../users/imported-profile.ts'
import { isObject, metadataProblem } from '../users/metadata.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { passwordWeakness } from '../users/passwords.ts'
import { log } from '../users/tenant-log.ts'
import { databaseNamed } from './connections.ts'
import { OAuthError } from './oauth-error.ts'
import { parseObject } from './parameters.ts'
import { setting } from './tenant-settings.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * POST /dbconnections/signup. Asks get_user first where the connection imports users, so that
 * nobody takes an address that waits to be migrated.
 *
 * @see https://auth0.com/docs/api/authentication/signup/create-a-new-user
 */
export async function signup(c: Context, services: Services): Promise<Response> {
  const body = parseObject(await c.req.text())
  const { client, connection } = database(services.tenant, body)
  const end = await signUp(services, client, connection, body)
  if (end.type === 'refused') return refuse(c, end.code, end.description)
  const { email, email_verified, user_id } = end.user.profile
  return c.json({ _id: user_id.slice('auth0|'.length), email, email_verified })
}

export type SignupEnd =
  | { readonly type: 'signed-up'; readonly user: User }
  | { readonly type: 'refused'; readonly code: SignupRefusal; readonly description: string }

/** `unavailable` is told to nobody: to the application it is an `invalid_signup`. */
type SignupRefusal = 'invalid_password' | 'invalid_signup' | 'unavailable' | 'user_exists'

/**
 * Makes a user of the connection, as the endpoint and the page do.
 *
 * @param body Members as the endpoint has them: `email`, `password`, `username`, …
 * @throws {OAuthError} `invalid_request`, naming the member.
 */
export async function signUp(
  services: Services,
  client: Client,
  connection: Connection,
  body: Body,
): Promise<SignupEnd> {
  const { tenant } = services
  if (connection.options.disable_signup === true) {
    return refused('invalid_signup', 'Public signup is disabled')
  }
  const weakness = passwordWeakness(connection.options, String(body.password ?? ''))
  if (weakness !== null) return refused('invalid_password', weakness)
  const account = newUser(connection, body)
  const creation = await createUser(services, connection, account, 'sign-up')
  const place = { client_id: client.client_id, connection_id: connection.id }
  if (creation.type === 'created') {
    log(tenant, { type: 'ss', ...place, user_id: creation.user.profile.user_id })
    return { type: 'signed-up', user: creation.user }
  }
  log(tenant, { type: 'fs', ...place })
  if (creation.type === 'failed') return refused('unavailable', creation.message)
  // https://auth0.com/docs/secure/security-guidance (user enumeration)
  const mute = setting(tenant, 'flags')
  return isObject(mute) && mute.enable_public_signup_user_exists_error === false
    ? refused('invalid_signup', 'Invalid sign up')
    : refused('user_exists', 'The user already exists.')
}

function refused(code: SignupRefusal, description: string): SignupEnd {
  return { type: 'refused', code, description }
}

/**
 * The database that an application names, for sign-up and password reset.
 *
 * @throws {OAuthError} `invalid_request` when there is no such application or connection for it.
 */
export function database(
  tenant: Tenant,
  body: Body,
): { readonly client: Client; readonly connection: Connection } {
  const client = tenant.state.clients.get(text(body, 'client_id'))
  if (client === undefined) throw new OAuthError('invalid_request', 'Unknown client.')
  const connection = databaseNamed(tenant, client, text(body, 'connection'))
  if (connection !== null) return { client, connection }
  throw new OAuthError('invalid_request', 'The connection is not enabled for the client.')
}

/** @throws {OAuthError} `invalid_request`, naming the member. */
export function emailOf(body: Body): string {
  const email = normalizeEmail(text(body, 'email'))
  if (isEmail(email)) return email
  throw new OAuthError('invalid_request', 'email is not an e-mail address.')
}

const rootMembers = ['family_name', 'given_name', 'name', 'nickname', 'picture']

function newUser(connection: Connection, body: Body): NewUser {
  const username = body.username === undefined ? null : normalizeEmail(text(body, 'username'))
  if (username === null && connection.options.requires_username === true) {
    throw new OAuthError('invalid_request', 'Missing required parameter: username')
  }
  const root = rootMembers.filter((name) => body[name] !== undefined)
  return {
    email: emailOf(body),
    password: text(body, 'password'),
    username,
    userId: null,
    emailVerified: false,
    root: Object.fromEntries(root.map((name) => [name, text(body, name)])),
    appMetadata: {},
    userMetadata: signupMetadata(body.user_metadata),
  }
}

/** At most ten texts of 500 characters: https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data */
function signupMetadata(metadata: unknown): JsonObject {
  if (metadata === undefined) return {}
  const problem = metadataProblem('user_metadata', metadata)
  if (problem !== null) throw new OAuthError('invalid_request', problem)
  const values = isObject(metadata) ? Object.values(metadata) : []
  if (values.length > 10 || values.some((one) => typeof one !== 'string' || one.length > 500)) {
    throw new OAuthError(
      'invalid_request',
      'user_metadata holds at most 10 strings of 500 characters.',
    )
  }
  return metadata as JsonObject
}

function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw new OAuthError('invalid_request', `Missing required parameter: ${name}`)
}

function refuse(c: Context, refusal: SignupRefusal, description: string): Response {
  const code = refusal === 'unavailable' ? 'invalid_signup' : refusal
  return c.json({ name: 'BadRequestError', code, description, statusCode: 400 }, 400)
}
