import { hash } from '@node-rs/bcrypt'
import { createLocalJWKSet } from 'jose'
import { openDatabase } from '../../servers/legacy-api/database.ts'
import { seedUsers } from '../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../servers/legacy-api/server.ts'
import type { Tenant } from '../../servers/tenant/state.ts'
import { makeSampleUsers, type SampleUser } from './legacy-users.ts'

/** The old system: users with passwords, an API in front, and who has migrated. */
export interface LegacyStore {
  readonly url: string
  /** Takes a user that no fact has used yet. */
  takeUser(kind?: 'usual' | 'blocked'): SampleUser
  /** How the store has marked a user; null while it has not. */
  markOf(legacyId: string): Promise<LegacyMark | null>
  close(): Promise<void>
}

interface LegacyMark {
  readonly auth0_user_id: string
  readonly migrated_metadata: string
}

/** Starts the reference legacy API on the embedded database, with `count` made-up users. */
export async function openLegacyStore(
  tenant: Tenant,
  audience: string,
  count: number,
): Promise<LegacyStore> {
  const database = await openDatabase({})
  const users = makeSampleUsers(count)
  await seedUsers(database, await withHashes(users))
  const api = await startLegacyApi({
    database,
    audience,
    issuer: tenant.issuer,
    jwks: createLocalJWKSet(tenant.jwks),
    now: Date.now,
  })
  const unused = {
    usual: users.filter((user) => !user.blocked),
    blocked: users.filter((user) => user.blocked),
  }
  return {
    url: api.url,
    takeUser(kind = 'usual') {
      const user = unused[kind].shift()
      if (user === undefined) throw new Error(`The sample store has no ${kind} user left.`)
      return user
    },
    async markOf(legacyId) {
      const [row] = await database.query<LegacyMark>(
        `select auth0_user_id, migrated_metadata from legacy_users
         where legacy_id = $1 and migrated_at is not null`,
        [legacyId],
      )
      return row ?? null
    },
    async close() {
      await api.close()
      await database.close()
    },
  }
}

async function withHashes(users: readonly SampleUser[]) {
  const passwords = [...new Set(users.map(({ password }) => password))]
  const hashed = await Promise.all(passwords.map((password) => hash(password, 10)))
  const hashes = new Map(passwords.map((password, index) => [password, hashed[index] ?? '']))
  return users.map(({ password, ...user }) => ({
    ...user,
    passwordHash: hashes.get(password) ?? '',
  }))
}
