import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { openDatabase } from '../../servers/legacy-api/database.ts'
import { type SeedUser, seedUsers } from '../../servers/legacy-api/seed-users.ts'
import { startLegacyApi } from '../../servers/legacy-api/server.ts'
import {
  type Answer,
  json,
  type LegacyServer,
  type Seen,
  startLegacyServer,
} from './legacy-server.ts'

/** The reference legacy API on its embedded database, with a server in front that tests can break. */
export interface LegacyStore {
  readonly front: LegacyServer
  /** What the API itself says to a request. */
  readonly forward: (request: Seen) => Promise<Answer>
  readonly marks: () => Promise<readonly Mark[]>
  /** Marks a legacy user as moved to this user of Auth0. */
  readonly mark: (legacyId: string, userId: string) => Promise<void>
  /** Takes all marks back, and lets requests through again. */
  readonly reset: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Mark {
  readonly legacy_id: string
  readonly auth0_user_id: string
  readonly metadata: string
}

const issuer = 'https://tenant.example/'
const audience = 'https://legacy-api.example'

export async function openLegacyStore(users: readonly SeedUser[]): Promise<LegacyStore> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'one' }]
  const token = await new SignJWT({
    scope: 'authenticate:legacy_users read:legacy_users update:legacy_users',
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('actions-client@clients')
    .setExpirationTime('1h')
    .sign(privateKey)
  const database = await openDatabase({})
  await seedUsers(database, users)
  const jwks = createLocalJWKSet({ keys })
  const api = await startLegacyApi({ database, issuer, audience, jwks, now: Date.now })
  const front = await startLegacyServer()
  const forward = async ({ method, path, authorization = '', body }: Seen): Promise<Answer> => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    })
    const type = response.headers.get('content-type') ?? ''
    return { status: response.status, type, body: await response.text() }
  }
  const reset = async () => {
    front.reset()
    front.token = () => json({ access_token: token, expires_in: 3_600 })
    front.api = forward
    await database.query(
      'update legacy_users set migrated_at = null, auth0_user_id = null, migrated_metadata = null',
      [],
    )
  }
  await reset()
  return {
    front,
    forward,
    reset,
    marks: () =>
      database.query<Mark>(
        `select legacy_id, auth0_user_id, migrated_metadata as metadata from legacy_users
         where migrated_at is not null order by legacy_id`,
        [],
      ),
    async mark(legacyId, auth0_user_id) {
      const body = { auth0_user_id, migrated_at: new Date().toISOString(), metadata: 'complete' }
      const { status } = await fetch(`${api.url}/v1/users/${legacyId}/migration`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (status !== 204) throw new Error(`the mark ended with ${status}`)
    },
    async close() {
      front.close()
      await api.close()
      await database.close()
    },
  }
}
