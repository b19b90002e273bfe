import { expect, test } from 'vitest'
import type { Answer } from '../../../../cli/auth0-tenant.ts'
import { mergeExisting } from '../../../../cli/import/mapping/merge-existing.ts'

function merged(user: object, existing: readonly object[]) {
  const asked: string[] = []
  const manage = async (_method: string, path: string): Promise<Answer> => {
    asked.push(path)
    return { status: 200, body: existing, headers: new Headers() }
  }
  const change = mergeExisting({ manage }, 'legacy-users')
  return { asked, result: change(Buffer.from(JSON.stringify(user))) }
}

const identities = [{ connection: 'legacy-users', provider: 'auth0', user_id: 'legacy|1' }]
const user = {
  ...{ user_id: 'legacy|1', email: 'a+b@example.com', email_verified: false, name: 'Old' },
  app_metadata: { plan: 'free', since: 2019, legacy_migration: { legacy_id: '1' } },
  user_metadata: { a: { b: 1, c: 2 } },
  custom_password_hash: { algorithm: 'md5' },
}

test('mergeExisting: what Auth0 has wins, what it lacks is filled, and no password is touched', async () => {
  const existing = {
    ...{ identities, email_verified: true, name: 'New' },
    app_metadata: { plan: 'gold', legacy_migration: { legacy_id: '1', mark: 'marked' } },
    user_metadata: { a: { b: 9 } },
  }
  const { asked, result } = merged(user, [existing])
  expect(JSON.parse(String(await result))).toEqual({
    ...{ user_id: 'legacy|1', email: 'a+b@example.com', email_verified: true, name: 'New' },
    app_metadata: {
      ...{ plan: 'gold', since: 2019 },
      legacy_migration: { legacy_id: '1', mark: 'marked' },
    },
    user_metadata: { a: { b: 9, c: 2 } },
  })
  expect(asked).toEqual(['users-by-email?email=a%2Bb%40example.com'])
})

test('mergeExisting: a user whom Auth0 has not, or in another connection only, stays as it is', async () => {
  const elsewhere = { identities: [{ connection: 'google' }], app_metadata: { plan: 'gold' } }
  for (const found of [[], [elsewhere]]) {
    expect(JSON.parse(String(await merged(user, found).result))).toEqual(user)
  }
})

test('mergeExisting: a profile that both sides together make too large is dead', async () => {
  const existing = { identities, app_metadata: { text: 'x'.repeat(9_950) } }
  expect(await merged(user, [existing]).result).toMatchObject({ reason: 'profile_too_large' })
})
