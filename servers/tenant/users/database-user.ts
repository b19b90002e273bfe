import type { Connection, Identity, JsonObject, Tenant, User } from '../state.ts'

export interface NewDatabaseUser {
  /** Without `auth0|`. */
  readonly userId: string
  readonly email: string
  readonly emailVerified: boolean
  readonly username: string | null
  readonly root: JsonObject
}

/** A user of a database connection with blank metadata. Auth0 fills `name` and `nickname` itself. */
export function databaseUser(
  tenant: Tenant,
  connection: Connection,
  { userId, email, emailVerified, username, root }: NewDatabaseUser,
  passwordHash: string | null,
): User {
  const now = new Date(tenant.now()).toISOString()
  return {
    profile: {
      name: email,
      nickname: email.replace(/@.*$/, ''),
      ...root,
      user_id: `auth0|${userId}`,
      email,
      email_verified: emailVerified,
      ...(username !== null && { username }),
      identities: [
        {
          connection: connection.name,
          provider: 'auth0',
          user_id: userId,
          isSocial: false,
        } satisfies Identity,
      ],
      app_metadata: {},
      user_metadata: {},
      created_at: now,
      updated_at: now,
    },
    ...(passwordHash !== null && { passwordHash }),
  }
}
