import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SeedUser, seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { openTestApi, type TestApi } from './api.ts'
import { databases } from './databases.ts'
import { passwordHash, someMark, someUser } from './users.ts'

const fullUser = someUser({
  username: 'grace',
  phone_number: '+15550001',
  phone_verified: true,
  name: 'Grace Hopper',
  given_name: 'Grace',
  family_name: 'Hopper',
  nickname: 'amazing',
  picture: 'https://legacy.example/grace.png',
  blocked: true,
  app_metadata: { plan: 'gold', nested: { list: [1, null, 'ü'], __proto__x: true } },
  user_metadata: { locale: 'de', '': 0.1 },
  mfa_factors: [{ totp: { secret: 'JBSWY3DPEHPK3PXP' } }, { phone: { value: '+15550001' } }],
  mfa_required: false,
})

function asAnswered({ passwordHash: _hash, migration, ...fields }: SeedUser) {
  return {
    app_metadata: {},
    user_metadata: {},
    ...fields,
    migrated_at: migration?.migrated_at ?? null,
  }
}

describe.each(databases)('users on $name', (kind) => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi(kind)
  })
  afterAll(() => api.close())

  const read = (id: string) => api.call('GET', `/v1/users/${encodeURIComponent(id)}`)
  const lookUp = (identifier: string) => api.call('POST', '/v1/users/lookup', { identifier })

  test('lookup and GET give all that the store has, and neither a hash', async () => {
    await seedUsers(api.database, [fullUser])
    for (const identifier of [fullUser.email, 'GRACE', '+15550001']) {
      expect((await lookUp(identifier)).body).toEqual(asAnswered(fullUser))
    }
    const { body, headers } = await read(fullUser.legacy_id)
    expect(body).toEqual(asAnswered(fullUser))
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('what a user does not have is absent, not null', async () => {
    const user = someUser()
    await seedUsers(api.database, [user])
    expect((await read(user.legacy_id)).body).toStrictEqual(asAnswered(user))
  })

  test('lookup finds a migrated and a blocked user', async () => {
    const user = someUser({ blocked: true, migration: someMark })
    await seedUsers(api.database, [user])
    const { body } = await lookUp(user.email)
    expect(body).toMatchObject({ blocked: true, migrated_at: someMark.migrated_at })
  })

  test('lookup: nobody is user-not-found, two are ambiguous', async () => {
    const one = someUser({ phone_number: '+15550099' })
    await seedUsers(api.database, [one, someUser({ username: '+15550099' })])
    for (const identifier of ['nobody', '', '\0', '\udfff', '%', '_']) {
      const { status, body } = await lookUp(identifier)
      expect([status, body.type]).toEqual([404, 'urn:legacy-api:user-not-found'])
    }
    const { status, body } = await lookUp('+15550099')
    expect([status, body.type]).toEqual([409, 'urn:legacy-api:ambiguous'])
  })

  test('GET gives back every legacy_id that can be addressed, and only that one', async () => {
    const character = fc.oneof(
      fc.constantFrom(
        '/',
        '%',
        '|',
        "'",
        '"',
        ' ',
        '+',
        '?',
        '#',
        ';',
        '\\',
        '.',
        '%2F',
        '%25',
        '\n',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => text !== '\0'),
    )
    const ids = fc
      .array(character, { minLength: 1, maxLength: 80 })
      .map((parts) => parts.join(''))
      .filter(
        (id) => !['.', '..', 'authenticate', 'lookup'].includes(id) && !/\p{Surrogate}/u.test(id),
      )
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(ids, { minLength: 2, maxLength: 6 }), async (legacyIds) => {
        await api.database.query('delete from legacy_users')
        const users = legacyIds.map((legacy_id) => someUser({ legacy_id }))
        await seedUsers(api.database, users)
        for (const user of users)
          expect((await read(user.legacy_id)).body).toEqual(asAnswered(user))
      }),
      { numRuns: 30 },
    )
  })

  test('GET: an id is decoded once, and compared bytewise', async () => {
    await seedUsers(api.database, [someUser({ legacy_id: 'a/b' }), someUser({ legacy_id: 'é' })])
    for (const id of ['a%2Fb', 'A/b', 'a/b ', 'e\u0301', '\0', 'a/b\0']) {
      const { status, body } = await read(id)
      expect([status, body.type]).toEqual([404, 'urn:legacy-api:user-not-found'])
    }
  })

  test('GET: 255 characters are a legacy_id, of whatever planes, 256 are not', async () => {
    const longest = '😀'.repeat(255)
    await seedUsers(api.database, [someUser({ legacy_id: longest })])
    expect((await read(longest)).body.legacy_id).toBe(longest)
    const path = `/v1/users/${encodeURIComponent(`${longest}x`)}`
    const { status, body } = await api.call('GET', path, undefined, { invalid: true })
    expect(status).toBe(400)
    expect(body.detail).toBe('legacy_id is over 255 characters')
  })

  test.each<[string, Partial<SeedUser>, string]>([
    [
      'more rounds',
      { passwordHash: passwordHash.replace('$10$', '$12$') },
      'passwordHash must be bcrypt, $2a$ or $2b$, 10 rounds',
    ],
    [
      '$2y$',
      { passwordHash: passwordHash.replace('$2b$', '$2y$') },
      'passwordHash must be bcrypt, $2a$ or $2b$, 10 rounds',
    ],
    [
      'two kinds of password',
      { custom_password_hash: {} },
      'passwordHash and custom_password_hash exclude each other',
    ],
    ['the id ..', { legacy_id: '..' }, 'legacy_id cannot be addressed by the API'],
    ['the id lookup', { legacy_id: 'lookup' }, 'legacy_id cannot be addressed by the API'],
    [
      'a NUL deep in metadata',
      { app_metadata: { a: [{ b: '\0' }] } },
      'U+0000 and half surrogate pairs cannot be stored',
    ],
  ])('seedUsers: refuses %s, all or nothing, without quoting it', async (_what, fields, fault) => {
    const good = someUser()
    await expect(seedUsers(api.database, [good, someUser(fields)])).rejects.toMatchObject({
      code: 'seed_user_invalid',
      message: `user 2: ${fault}`,
    })
    expect((await read(good.legacy_id)).status).toBe(404)
  })

  test('seedUsers: refuses a legacy_id that is there, and keeps nothing of the rest', async () => {
    const [first, second] = [someUser(), someUser()]
    await seedUsers(api.database, [first])
    await expect(seedUsers(api.database, [second, first])).rejects.toMatchObject({
      code: 'seed_user_invalid',
      message: 'a legacy_id is given twice, or there already',
    })
    expect((await read(second.legacy_id)).status).toBe(404)
  })
})
