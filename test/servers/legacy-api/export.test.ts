import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sql } from '../../../servers/legacy-api/database.ts'
import { exportLines } from '../../../servers/legacy-api/export.ts'
import { type SeedUser, seedUsers } from '../../../servers/legacy-api/seed-users.ts'
import { openTestApi, type TestApi } from './api.ts'
import { userLines } from './contract-answer.ts'
import { databases } from './databases.ts'
import { passwordHash, someMark, someUser } from './users.ts'

const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))

describe.each(databases)('export and counts on $name', (kind) => {
  let api: TestApi
  beforeAll(async () => {
    api = await openTestApi(kind)
  })
  afterAll(() => api.close())
  beforeEach(() => api.database.query('delete from legacy_users'))

  const exported = async (query = '') => {
    const { text } = await api.call('GET', `/v1/users${query}`)
    return userLines(text)
  }
  const ids = async (query = '') => (await exported(query)).map(({ legacy_id }) => legacy_id)

  test('an empty store is one line, and all counts are 0', async () => {
    const { text, headers } = await api.call('GET', '/v1/users')
    expect(text).toBe('{"end":true,"count":0}\n')
    expect(headers.get('content-type')).toBe('application/x-ndjson')
    expect((await api.call('GET', '/v1/migration')).body).toEqual({
      total: 0,
      migrated: 0,
      remaining: 0,
      complete: 0,
      too_large: 0,
      not_found: 0,
      per_day: [],
    })
  })

  test('lines carry the hashes that the bulk import takes', async () => {
    const custom_password_hash = {
      algorithm: 'argon2',
      hash: { value: '$argon2id$x', encoding: 'utf8' },
    }
    const { passwordHash: _hash, ...custom } = someUser({ legacy_id: 'b', custom_password_hash })
    const { passwordHash: _hash2, ...none } = someUser({ legacy_id: 'c' })
    await seedUsers(api.database, [someUser({ legacy_id: 'a' }), custom, none])
    const [a, b, c] = await exported()
    expect(a).toMatchObject({ legacy_id: 'a', password_hash: passwordHash })
    expect(b).toMatchObject({ legacy_id: 'b', custom_password_hash })
    expect(b).not.toHaveProperty('password_hash')
    expect(Object.keys(c ?? {}).filter((name) => name.includes('hash'))).toEqual([])
  })

  test('is ordered bytewise, and goes on after any legacy_id, whether it exists or not', async () => {
    const id = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
      fc.constantFrom('a', 'B', 'Z', 'ä', 'z', 'ﬀ', '😀', '10', '9', 'a b', 'a-b', 'A-B'),
    )
    const storable = id.filter((text) => !text.includes('\0') && !['.', '..'].includes(text))
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(storable, { maxLength: 12 }),
        storable,
        async (all, after) => {
          await api.database.query('delete from legacy_users')
          await seedUsers(
            api.database,
            all.map((legacy_id) => someUser({ legacy_id })),
          )
          const sorted = all.toSorted(bytewise)
          expect(await ids()).toEqual(sorted)
          const rest = sorted.filter((each) => bytewise(each, after) > 0)
          expect(await ids(`?after=${encodeURIComponent(after)}`)).toEqual(rest)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('filters, and counts, by mark and by outcome', async () => {
    const marked = (
      legacy_id: string,
      metadata: 'complete' | 'too-large' | 'not-found',
      at: string,
    ) => someUser({ legacy_id, migration: { auth0_user_id: legacy_id, migrated_at: at, metadata } })
    await seedUsers(api.database, [
      someUser({ legacy_id: '1' }),
      marked('2', 'complete', '2026-11-20T23:59:59.999Z'),
      marked('3', 'too-large', '2026-11-21T01:30:00+02:00'),
      marked('4', 'not-found', '2026-11-20T22:00:00-02:00'),
      marked('5', 'complete', '2026-11-23T00:00:00Z'),
    ])
    expect(await ids('?migrated=true')).toEqual(['2', '3', '4', '5'])
    expect(await ids('?migrated=false')).toEqual(['1'])
    expect(await ids('?metadata=complete')).toEqual(['2', '5'])
    expect(await ids('?metadata=too-large')).toEqual(['3'])
    expect(await ids('?metadata=not-found&migrated=true&after=3')).toEqual(['4'])
    expect(await ids('?metadata=complete&migrated=false')).toEqual([])
    expect((await api.call('GET', '/v1/migration')).body).toEqual({
      total: 5,
      migrated: 4,
      remaining: 1,
      complete: 2,
      too_large: 1,
      not_found: 1,
      per_day: [
        { date: '2026-11-20', migrated: 2 },
        { date: '2026-11-21', migrated: 1 },
        { date: '2026-11-23', migrated: 1 },
      ],
    })
  })

  describe('of 10,000 users', () => {
    const users: readonly SeedUser[] = Array.from({ length: 10_000 }, (_, index) =>
      someUser({ legacy_id: String(index), user_metadata: { note: 'x'.repeat(200) } }),
    )

    test('each is there once; seeding takes seconds', async () => {
      const startedAt = performance.now()
      await seedUsers(api.database, users)
      expect(performance.now() - startedAt).toBeLessThan(8_000)
      expect(await ids()).toEqual(users.map(({ legacy_id }) => legacy_id).toSorted(bytewise))
    })

    test('a reader that stops reading stops the pages, and holds one at most', async () => {
      await seedUsers(api.database, users.slice(0, 3_000))
      let pages = 0
      const counting: Sql = {
        query: (text, parameters) => {
          pages += 1
          return api.database.query(text, parameters)
        },
      }
      const lines = exportLines(counting, {})
      const first = await lines.next()
      expect(pages).toBe(1)
      expect(String(first.value).split('\n')).toHaveLength(501)
      await lines.return(undefined)
      expect(pages).toBe(1)
    })
  })

  test('a stream that fails half way has no end line', async () => {
    await seedUsers(
      api.database,
      Array.from({ length: 600 }, () => someUser()),
    )
    let pages = 0
    const failing: Sql = {
      query: (text, parameters) => {
        pages += 1
        if (pages > 1) return Promise.reject(new Error('gone'))
        return api.database.query(text, parameters)
      },
    }
    let text = ''
    const read = async () => {
      for await (const part of exportLines(failing, {})) text += part
    }
    await expect(read()).rejects.toThrow('gone')
    expect(() => userLines(text)).toThrow('cut off')
  })

  test('users marked meanwhile neither repeat nor vanish', async () => {
    const { database } = api
    await seedUsers(
      database,
      Array.from({ length: 1_200 }, (_, index) => someUser({ legacy_id: `${index}` })),
    )
    let text = ''
    for await (const lines of exportLines(database, { migrated: false })) {
      text += lines
      // Marks everybody who was just read, so that an offset would skip a page.
      const seen = lines.split('\n').flatMap((line) => (line ? [JSON.parse(line).legacy_id] : []))
      await database.query(
        `update legacy_users set migrated_at = $1, auth0_user_id = legacy_id, migrated_metadata = 'complete'
       where legacy_id in (select jsonb_array_elements_text($2::jsonb))`,
        [new Date(someMark.migrated_at), JSON.stringify(seen)],
      )
    }
    expect(new Set(userLines(text).map(({ legacy_id }) => legacy_id)).size).toBe(1_200)
  })
})
