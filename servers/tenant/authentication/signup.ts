import type { Context } from 'hono'
import type { Services } from '../services.ts'
import type { Client, Connection, Tenant, User } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { isObject } from '../users/metadata.ts'
import { passwordWeakness } from '../users/passwords.ts'
import { log } from '../users/tenant-log.ts'
import type { Denial, Occasion } from '../users/user-triggers.ts'
import { databaseNamed } from './connections.ts'
import { OAuthError } from './oauth-error.ts'
import { occasionOf } from './occasion.ts'
import { bodyObject } from './parameters.ts'
import { newAccount, textOf } from './signup-body.ts'
import { setting } from './tenant-settings.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * POST /dbconnections/signup. Asks get_user first where the connection imports users, so that
 * nobody takes an address that waits to be migrated.
 *
 * @see https://auth0.com/docs/api/authentication/signup/create-a-new-user
 */
export async function signup(c: Context, services: Services): Promise<Response> {
  const body = await bodyObject(c)
  const { client, connection } = database(services.tenant, body)
  const occasion = occasionOf(c, services.tenant, body, client)
  const end = await signUp(services, { client, connection, occasion }, body)
  if (end.type === 'denied') return refuseByAction(c, end)
  if (end.type === 'refused') return refuse(c, end.code, end.description)
  const { email, email_verified, user_id } = end.user.profile
  return c.json({ _id: user_id.slice('auth0|'.length), email, email_verified })
}

export type SignupEnd =
  | Denial
  | { readonly type: 'signed-up'; readonly user: User }
  | { readonly type: 'refused'; readonly code: SignupRefusal; readonly description: string }

/** `unavailable` is told to nobody: to the application it is an `invalid_signup`. */
type SignupRefusal = 'invalid_password' | 'invalid_signup' | 'unavailable' | 'user_exists'

export interface SignupPlace {
  readonly client: Client
  readonly connection: Connection
  readonly occasion: Occasion
}

/**
 * Makes a user of the connection, as the endpoint and the page do.
 *
 * @param body Members as the endpoint has them: `email`, `password`, `username`, …
 * @throws {OAuthError} `invalid_request`, naming the member.
 */
export async function signUp(
  services: Services,
  { client, connection, occasion }: SignupPlace,
  body: Body,
): Promise<SignupEnd> {
  const { tenant } = services
  if (connection.options.disable_signup === true) {
    return refused('invalid_signup', 'Public signup is disabled')
  }
  const weakness = passwordWeakness(connection.options, String(body.password ?? ''))
  if (weakness !== null) return refused('invalid_password', weakness)
  const account = newAccount(connection, body)
  const creation = await createUser(services, connection, account, { by: 'sign-up', occasion })
  const place = { client_id: client.client_id, connection_id: connection.id }
  if (creation.type === 'created') {
    log(tenant, { type: 'ss', ...place, user_id: creation.user.profile.user_id })
    return { type: 'signed-up', user: creation.user }
  }
  // Logged with the name of the Action.
  if (creation.type === 'denied') return creation
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
  const client = tenant.state.clients.get(textOf(body, 'client_id'))
  if (client === undefined) throw new OAuthError('invalid_request', 'Unknown client.')
  const connection = databaseNamed(tenant, client, textOf(body, 'connection'))
  if (connection !== null) return { client, connection }
  throw new OAuthError('invalid_request', 'The connection is not enabled for the client.')
}

/** In the words of a real tenant; of an error, assumption `registration-error-has-no-friendly-message`. */
// https://community.auth0.com/t/pre-registration-action-calls-api-access-deny-how-to-show-specific-message-in-universal-login/94025
function refuseByAction(c: Context, { reason, userMessage }: Denial): Response {
  const refusal = {
    name: 'InternalExtensibilityError',
    code: 'extensibility_error',
    description: reason,
    message: reason,
    statusCode: 400,
  }
  return c.json({ ...refusal, ...(userMessage !== null && { friendly_message: userMessage }) }, 400)
}

function refuse(c: Context, refusal: SignupRefusal, description: string): Response {
  const code = refusal === 'unavailable' ? 'invalid_signup' : refusal
  return c.json({ name: 'BadRequestError', code, description, statusCode: 400 }, 400)
}
