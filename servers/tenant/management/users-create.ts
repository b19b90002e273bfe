import type { Services } from '../services.ts'
import type { Connection, JsonObject, Tenant, User } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { isObject } from '../users/metadata.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { passwordWeakness } from '../users/passwords.ts'
import type { Occasion } from '../users/user-triggers.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { textOf } from './request-body.ts'
import { rootMembers } from './users-body.ts'

/** POST /users, for database connections. get_user is asked as at a sign-up. */
export async function addUser(
  services: Services,
  body: JsonObject,
  occasion: Occasion,
): Promise<User> {
  const connection = databaseNamed(services.tenant, textOf(body, 'connection') ?? '')
  const password = textOf(body, 'password') ?? ''
  const weakness = passwordWeakness(connection.options, password)
  if (weakness !== null) throw new ManagementError(400, weakness, 'password_strength_error')
  if (connection.options.requires_username === true && !textOf(body, 'username')) {
    throw invalidBody("'Missing required property: username'")
  }
  const named = rootMembers.filter((name) => body[name] !== undefined && name !== 'email_verified')
  const { app_metadata: app, user_id: userId, user_metadata: own, username } = body
  const creation = await createUser(
    services,
    connection,
    {
      email: normalizeEmail(textOf(body, 'email') ?? ''),
      password,
      username: typeof username === 'string' ? normalizeEmail(username) : null,
      userId: typeof userId === 'string' ? userId : null,
      emailVerified: body.email_verified === true,
      root: Object.fromEntries(named.map((name) => [name, body[name] ?? null])),
      appMetadata: isObject(app) ? app : {},
      userMetadata: isObject(own) ? own : {},
    },
    { by: 'management-api', occasion },
  )
  if (creation.type === 'created') return creation.user
  // Its status is assumption `denied-user-of-the-management-api-is-400`.
  // https://support.auth0.com/center/s/article/auth0-sandbox-error-user-creation
  if (creation.type === 'denied')
    throw new ManagementError(400, 'Sandbox error.', 'auth0_idp_error')
  if (creation.type === 'failed')
    throw new ManagementError(400, creation.message, 'auth0_idp_error')
  throw new ManagementError(409, 'The user already exists.', 'auth0_idp_error')
}

function databaseNamed({ state }: Tenant, name: string): Connection {
  const connection = [...state.connections.values()].find((one) => one.name === name)
  if (connection === undefined)
    throw invalidBody("'The connection does not exist' on property connection")
  if (connection.strategy === 'auth0') return connection
  throw invalidBody("'The connection is not a database' on property connection")
}
