import type { Services } from '../services.ts'
import type { Connection, JsonObject, Tenant, User } from '../state.ts'
import { createUser } from '../users/create-user.ts'
import { normalizeEmail } from '../users/find-user.ts'
import { isObject } from '../users/metadata.ts'
import { passwordWeakness } from '../users/passwords.ts'
import { requiredText, rootMembers } from './users-body.ts'
import { badBody, UsersError } from './users-error.ts'

/** POST /users, for database connections. get_user is asked as at a sign-up. */
export async function addUser(services: Services, body: JsonObject): Promise<User> {
  const connection = databaseNamed(services.tenant, requiredText(body, 'connection'))
  const password = requiredText(body, 'password')
  const weakness = passwordWeakness(connection.options, password)
  if (weakness !== null) throw new UsersError(400, weakness, 'password_strength_error')
  if (connection.options.requires_username === true) requiredText(body, 'username')
  const named = rootMembers.filter((name) => body[name] !== undefined && name !== 'email_verified')
  const { app_metadata: app, user_id: userId, user_metadata: own, username } = body
  const creation = await createUser(
    services,
    connection,
    {
      email: normalizeEmail(requiredText(body, 'email')),
      password,
      username: typeof username === 'string' ? normalizeEmail(username) : null,
      userId: typeof userId === 'string' ? userId : null,
      emailVerified: body.email_verified === true,
      root: Object.fromEntries(named.map((name) => [name, body[name] ?? null])),
      appMetadata: isObject(app) ? app : {},
      userMetadata: isObject(own) ? own : {},
    },
    'management-api',
  )
  if (creation.type === 'created') return creation.user
  if (creation.type === 'failed') throw new UsersError(400, creation.message, 'auth0_idp_error')
  throw new UsersError(409, 'The user already exists.', 'auth0_idp_error')
}

function databaseNamed({ state }: Tenant, name: string): Connection {
  const connection = [...state.connections.values()].find((one) => one.name === name)
  if (connection === undefined) throw badBody('The connection does not exist: connection')
  if (connection.strategy === 'auth0') return connection
  throw badBody('Users can be created in a database connection only: connection')
}
