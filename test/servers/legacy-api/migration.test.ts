import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { callAt, openTestApi, type TestApi } from './api.ts'
import type { Answer } from './contract.ts'
import { databases } from './databases.ts'
import { someMark, someUser } from './users.ts'

describe.each(databases)('migration on $name', (kind) => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi(kind)
  })
  afterAll(() => api.close())

  const path = (id: string) => `/v1/users/${encodeURIComponent(id)}/migration`
  const put = (id: string, fields: Partial<Record<keyof typeof someMark, string>> = {}) =>
    api.call('PUT', path(id), { ...someMark, ...fields })
  const remove = (id: string, auth0UserId: string) =>
    api.call('DELETE', `${path(id)}?auth0_user_id=${encodeURIComponent(auth0UserId)}`)
  const row = async (id: string) =>
    (
      await api.database.query(
        'select migrated_at, auth0_user_id, migrated_metadata from legacy_users where legacy_id = $1',
        [id],
      )
    )[0]
  const seeded = async () => {
    const user = someUser({ legacy_id: `odd/${Math.random()}|%"' ü` })
    await seedUsers(api.database, [user])
    return user.legacy_id
  }
  const shape = ({ status, body }: Answer) => [status, body?.type]

  test('PUT marks; again it keeps the first migrated_at and takes the new metadata', async () => {
    const id = await seeded()
    expect((await put(id, { metadata: 'not-found' })).status).toBe(204)
    expect((await put(id, { migrated_at: '2027-01-01T00:00:00Z' })).status).toBe(204)
    expect(await row(id)).toEqual({
      migrated_at: new Date(someMark.migrated_at),
      auth0_user_id: someMark.auth0_user_id,
      migrated_metadata: 'complete',
    })
    const { body } = await api.call('GET', `/v1/users/${encodeURIComponent(id)}`)
    expect(body.migrated_at).toBe(someMark.migrated_at)
  })

  test('PUT by another Auth0 user is a conflict and changes nothing', async () => {
    const id = await seeded()
    await put(id)
    const before = await row(id)
    const answer = await put(id, { auth0_user_id: 'auth0|other', metadata: 'too-large' })
    expect(shape(answer)).toEqual([409, 'urn:legacy-api:migrated-to-another-user'])
    expect(answer.text).not.toContain('legacy-users|1')
    expect(await row(id)).toEqual(before)
  })

  test('of Auth0 users that come at once, over two instances, exactly one wins', async () => {
    const { url } = await api.startAnother()
    for (let round = 0; round < 10; round += 1) {
      const id = await seeded()
      const answers = await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((who, index) =>
          callAt(index % 2 ? url : api.url, 'PUT', path(id), { ...someMark, auth0_user_id: who }),
        ),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.toSorted()).toEqual([204, 409, 409, 409, 409, 409])
      const winner = ['a', 'b', 'c', 'd', 'e', 'f'][statuses.indexOf(204)]
      expect(await row(id)).toMatchObject({ auth0_user_id: winner })
    }
  })

  test('DELETE takes the mark back, as often as asked, and the user may migrate elsewhere', async () => {
    const id = await seeded()
    expect((await remove(id, 'auth0|never-marked')).status).toBe(204)
    await put(id)
    expect(shape(await remove(id, 'auth0|other'))).toEqual([
      409,
      'urn:legacy-api:migrated-to-another-user',
    ])
    expect(await row(id)).toMatchObject({ auth0_user_id: someMark.auth0_user_id })
    expect((await remove(id, someMark.auth0_user_id)).status).toBe(204)
    expect((await remove(id, someMark.auth0_user_id)).status).toBe(204)
    expect(await row(id)).toEqual({
      migrated_at: null,
      auth0_user_id: null,
      migrated_metadata: null,
    })
    expect((await put(id, { auth0_user_id: 'auth0|other' })).status).toBe(204)
  })

  test('nobody to mark or unmark is user-not-found', async () => {
    for (const id of ['nobody', '\0']) {
      expect(shape(await put(id))).toEqual([404, 'urn:legacy-api:user-not-found'])
      expect(shape(await remove(id, 'x'))).toEqual([404, 'urn:legacy-api:user-not-found'])
    }
  })

  test.each([
    ['2026-11-21T10:30:00+02:30', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21t08:00:00.5z', '2026-11-21T08:00:00.500Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('PUT keeps %s as %s', async (given, kept) => {
    const id = await seeded()
    expect((await put(id, { migrated_at: given })).status).toBe(204)
    expect(await row(id)).toMatchObject({ migrated_at: new Date(kept) })
  })
})
