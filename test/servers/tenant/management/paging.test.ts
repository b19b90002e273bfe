import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createManagementUnderTest } from './management-under-test.ts'

const under = await createManagementUnderTest()
/** More than deploy-cli reads at once, in either of its ways. */
const count = 252

beforeAll(async () => {
  for (let index = 0; index < count; index += 1) {
    await under.call('POST', '/connections', { name: `c${index}`, strategy: 'samlp' })
    await under.call('POST', '/clients', { name: `c${index}` })
  }
})

const names = (list: readonly { name: string }[]) => list.map(({ name }) => name)
const all = Array.from({ length: count }, (_, index) => `c${index}`)
/** A new tenant has two applications. */
const lists: [list: 'clients' | 'connections', all: readonly string[]][] = [
  ['connections', all],
  ['clients', ['deploy-cli', 'All Applications', ...all]],
]

test.each(lists)(
  '%s: by checkpoint every one comes once, in order, whatever the page size',
  async (list, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (take) => {
        const found: string[] = []
        let from = ''
        do {
          const { body } = await under.call('GET', `/${list}?take=${take}${from}`)
          expect(body[list].length).toBeLessThanOrEqual(take)
          expect(body[list]).not.toEqual([])
          found.push(...names(body[list]))
          from = body.next === undefined ? '' : `&from=${body.next}`
        } while (from !== '')
        expect(found).toEqual(expected)
      }),
      // 84 divides 252: its last page is full, and still the last.
      { numRuns: 20, examples: [[84]] },
    )
  },
)

test.each(lists)(
  '%s: by page every one comes once, in order, and totals tell how many',
  async (list, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (size) => {
        const found: string[] = []
        for (let page = 0; page * size < expected.length; page += 1) {
          const query = `page=${page}&per_page=${size}&include_totals=true`
          const { body } = await under.call('GET', `/${list}?${query}`)
          expect(body).toMatchObject({ total: expected.length, start: page * size, limit: size })
          found.push(...names(body[list]))
        }
        expect(found).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  },
)

test('connections: a list without totals is a bare array of 50', async () => {
  const { body } = await under.call('GET', '/connections')
  expect(names(body)).toEqual(all.slice(0, 50))
})

test.each([
  ['per_page=101', 'per_page'],
  ['per_page=-1', 'per_page'],
  ['page=x', 'page'],
  ['take=0', 'take'],
  ['from=bm9uZQ', 'from'],
  ['surplus=1', 'surplus'],
])('connections: refuses ?%s and names %s', async (query, named) => {
  const { status, body } = await under.call('GET', `/connections?${query}`)
  expect(status).toBe(400)
  expect(body.errorCode).toBe('invalid_query_string')
  expect(body.message).toContain(named)
})

test('connections: by number only the first 1,000 can be paged to, as by Auth0', async () => {
  expect((await under.call('GET', '/connections?per_page=100&page=9')).body).toEqual([])
  const { status, body } = await under.call('GET', '/connections?per_page=100&page=10')
  expect(status).toBe(400)
  expect(body.message).toBe(
    'Requesting page 10 exceeds the allowed maximum of 1000 records. To fetch results beyond 1000, use the checkpoint pagination method.',
  )
})

test('connections: fields are picked, or left out', async () => {
  const picked = await under.call('GET', '/connections?name=c1&fields=name,strategy')
  expect(picked.body).toEqual([{ name: 'c1', strategy: 'samlp' }])
  const query = 'name=c1&fields=options,realms&include_fields=false'
  const left = await under.call('GET', `/connections?${query}`)
  expect(Object.keys(left.body[0])).not.toContain('options')
  expect(Object.keys(left.body[0])).toContain('strategy')
})

test('actions: an empty list leaves its zeros out, as Auth0 does', async () => {
  const { body } = await under.call('GET', '/actions/actions?page=0&per_page=100')
  expect(body).toEqual({ actions: [], per_page: 100 })
})
