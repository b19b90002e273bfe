import { pbkdf2Sync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { maxTries, tryWindow } from '../../../servers/legacy-api/sign-in-attempts.ts'
import { callAt, openTestApi, startOfTest, type TestApi } from './api.ts'
import type { Answer } from './contract.ts'
import { databases } from './databases.ts'
import { password, someMark, someUser } from './users.ts'

/** What was compared with what, in the order in which it began. */
const comparisons = vi.hoisted((): string[] => [])

vi.mock('@node-rs/bcrypt', async (original) => {
  const bcrypt = await original<typeof import('@node-rs/bcrypt')>()
  const verify: typeof bcrypt.verify = (given, hash) => {
    comparisons.push(`bcrypt ${Number(String(hash).split('$')[2])}`)
    return bcrypt.verify(given, hash)
  }
  return { ...bcrypt, verify }
})

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  const pbkdf2: typeof crypto.pbkdf2 = (given, salt, iterations, length, digest, callback) => {
    comparisons.push(`pbkdf2 ${digest} ${iterations} ${length}`)
    crypto.pbkdf2(given, salt, iterations, length, digest, callback)
  }
  return { ...crypto, pbkdf2 }
})

const b64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

function pbkdf2Hash(text: string): Record<string, unknown> {
  const salt = Buffer.from('0123456789abcdef')
  const key = b64(pbkdf2Sync(text, salt, 1000, 32, 'sha512'))
  const value = `$pbkdf2-sha512$i=1000,l=32$${b64(salt)}$${key}`
  return { algorithm: 'pbkdf2', hash: { value, encoding: 'utf8' } }
}

describe.each(databases)('authenticate on $name', (kind) => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi(kind)
  })
  afterAll(() => api.close())
  beforeEach(() => {
    comparisons.length = 0
  })

  const authenticate = (identifier: string, given: string, url = api.url): Promise<Answer> =>
    callAt(url, 'POST', '/v1/users/authenticate', { identifier, password: given })

  function expectProblem(answer: Answer, status: number, name: string): void {
    expect(answer.body).toMatchObject({ type: `urn:legacy-api:${name}`, status })
    expect(answer.status).toBe(status)
  }

  test('the right password gives the user, by e-mail, username or phone, in any case', async () => {
    const user = someUser({
      username: 'Ada.L',
      phone_number: '+4930123',
      app_metadata: { plan: 'gold' },
    })
    await seedUsers(api.database, [user])
    for (const identifier of [user.email.toUpperCase(), 'ada.l', '+4930123']) {
      const answer = await authenticate(identifier, password)
      expect(answer.status).toBe(200)
      const { passwordHash: _hash, ...fields } = user
      expect(answer.body).toEqual({ ...fields, user_metadata: {}, migrated_at: null })
    }
  })

  test('a wrong password and an unknown user get one answer, after one comparison of one cost', async () => {
    const user = someUser()
    await seedUsers(api.database, [user])
    const wrong = await authenticate(user.email, 'wrong')
    const unknown = await authenticate('nobody@legacy.example', 'wrong')
    expectProblem(wrong, 401, 'invalid-credentials')
    expect(unknown.text).toBe(wrong.text)
    const names = (answer: Answer) => [...answer.headers.keys()]
    expect(names(unknown)).toEqual(names(wrong))
    expect(comparisons).toEqual(['bcrypt 10', 'bcrypt 10'])
  })

  test('a user without a password, and one whose hash cannot be checked here, are compared too', async () => {
    const { passwordHash: _hash, ...none } = someUser()
    const md5 = { algorithm: 'md5', hash: { value: 'x', encoding: 'hex' } }
    const { passwordHash: _hash2, ...custom } = someUser({ custom_password_hash: md5 })
    await seedUsers(api.database, [none, custom])
    for (const { email } of [none, custom]) {
      expectProblem(await authenticate(email, password), 401, 'invalid-credentials')
    }
    expect(comparisons).toEqual(['bcrypt 10', 'bcrypt 10'])
  })

  test('blocked and migrated are told only to who knows the password', async () => {
    const blocked = someUser({ blocked: true })
    const migrated = someUser({ migration: someMark })
    const both = someUser({ blocked: true, migration: someMark })
    await seedUsers(api.database, [blocked, migrated, both])
    for (const { email } of [blocked, migrated, both]) {
      expectProblem(await authenticate(email, 'wrong'), 401, 'invalid-credentials')
    }
    expectProblem(await authenticate(blocked.email, password), 403, 'blocked')
    expectProblem(await authenticate(migrated.email, password), 409, 'already-migrated')
    expectProblem(await authenticate(both.email, password), 403, 'blocked')
  })

  test('an identifier of two users is ambiguous, after one comparison', async () => {
    const one = someUser({ username: 'shared@legacy.example' })
    const other = someUser({ email: 'Shared@legacy.example' })
    await seedUsers(api.database, [one, other])
    expectProblem(await authenticate('shared@legacy.example', password), 409, 'ambiguous')
    expect(comparisons).toEqual(['bcrypt 10'])
    expect((await authenticate(one.email, password)).status).toBe(200)
  })

  test('a username that is the e-mail address of the same user is not ambiguous', async () => {
    const user = someUser({ email: 'same@legacy.example', username: 'SAME@legacy.example' })
    await seedUsers(api.database, [user])
    expect((await authenticate('same@legacy.example', password)).status).toBe(200)
  })

  test('lower-casing is Unicode default and never by locale', async () => {
    await seedUsers(api.database, [someUser({ username: 'ÅSA_ISTANBUL' })])
    expect((await authenticate('åsa_istanbul', password)).status).toBe(200)
    expectProblem(await authenticate('åsa_ıstanbul', password), 401, 'invalid-credentials')
  })

  test.each(['', '\0', 'a\0b', '\ud800', "' or 1=1 --", 'x'.repeat(5000)])(
    'identifier %j names nobody',
    async (identifier) => {
      expectProblem(await authenticate(identifier, password), 401, 'invalid-credentials')
      expect(comparisons).toEqual(['bcrypt 10'])
    },
  )

  describe('too many tries', () => {
    const exhaust = async (identifier: string) => {
      for (let tries = 0; tries < maxTries; tries += 1) {
        expectProblem(await authenticate(identifier, 'wrong'), 401, 'invalid-credentials')
      }
    }

    test.each([
      ['a user', true],
      ['nobody', false],
    ])(
      'of %s: 429 with Retry-After and no comparison, until the window ends',
      async (_whose, exists) => {
        api.clock.now = startOfTest
        const user = someUser()
        if (exists) await seedUsers(api.database, [user])
        await exhaust(user.email)
        comparisons.length = 0
        api.clock.now += 60_500
        const refused = await authenticate(user.email.toUpperCase(), password)
        expect(refused.status).toBe(429)
        expect(refused.headers.get('retry-after')).toBe(String(tryWindow / 1000 - 60))
        expect(refused.body.type).toBe('about:blank')
        expect(comparisons).toEqual([])

        api.clock.now = startOfTest + tryWindow - 1
        expect((await authenticate(user.email, password)).headers.get('retry-after')).toBe('1')
        api.clock.now = startOfTest + tryWindow
        expect((await authenticate(user.email, password)).status).toBe(exists ? 200 : 401)
      },
    )

    test('are counted by identifier, and together by two instances', async () => {
      const [one, other] = [someUser(), someUser()]
      await seedUsers(api.database, [one, other])
      const { url } = await api.startAnother()
      const tries = Array.from({ length: maxTries + 4 }, (_, index) =>
        authenticate(one.email, 'wrong', index % 2 === 0 ? api.url : url),
      )
      const statuses = (await Promise.all(tries)).map(({ status }) => status).sort()
      expect(statuses).toEqual([...Array(maxTries).fill(401), ...Array(4).fill(429)])
      expect(comparisons).toHaveLength(maxTries)
      expect((await authenticate(one.email, password, url)).status).toBe(429)
      expect((await authenticate(other.email, password, url)).status).toBe(200)
    })

    test('a right password begins anew; what has ended is forgotten; no identifier is kept', async () => {
      api.clock.now = startOfTest + 10 * tryWindow
      const user = someUser()
      await seedUsers(api.database, [user])
      await authenticate(user.email, 'wrong')
      const rows = () =>
        api.database.query<{ identifier_sha256: string; tries: number }>(
          'select * from sign_in_attempts',
        )
      expect(await rows()).toMatchObject([
        { tries: 1, identifier_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      ])
      expect((await authenticate(user.email, password)).status).toBe(200)
      expect(await rows()).toEqual([])
    })
  })

  // Last, since a PBKDF2 hash in the store changes what every try costs.
  test('a PBKDF2 hash is checked, and every try then costs one derivation more', async () => {
    api.clock.now = startOfTest + 20 * tryWindow
    const { passwordHash: _hash, ...user } = someUser({
      custom_password_hash: pbkdf2Hash(password),
    })
    const bcryptUser = someUser()
    await seedUsers(api.database, [user, bcryptUser])
    expect((await authenticate(user.email, password)).status).toBe(200)
    expectProblem(await authenticate(user.email, 'wrong'), 401, 'invalid-credentials')
    expect((await authenticate(bcryptUser.email, password)).status).toBe(200)
    expectProblem(await authenticate('nobody', password), 401, 'invalid-credentials')
    const each = ['bcrypt 10', 'pbkdf2 sha512 1000 32']
    expect(comparisons).toEqual([...each, ...each, ...each, ...each])
  })

  test('no answer repeats what was sent', async () => {
    const user = someUser({ blocked: true })
    const migrated = someUser({ migration: someMark })
    await seedUsers(api.database, [user, migrated])
    const answers = [
      await authenticate(user.email, password),
      await authenticate(user.email, 'wrong secret'),
      await authenticate(migrated.email, password),
    ]
    for (const { text } of answers) {
      expect(text).not.toMatch(/legacy\.example|user-\d|correct horse|wrong secret|\$2b\$/)
    }
  })
})
