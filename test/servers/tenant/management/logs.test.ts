import { beforeEach, expect, test } from 'vitest'
import { log } from '../../../../servers/tenant/users/tenant-log.ts'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

/** Logs a second apart, as doctor and status look for them. */
function addLogs(count: number, type: (index: number) => string = () => 's'): void {
  for (let index = 0; index < count; index += 1) {
    under.clock.now += 1_000
    log(under.tenant, {
      type: type(index),
      description: `log ${index}`,
      user_id: `auth0|${index % 3}`,
    })
  }
}

const get = async (query = '') => (await under.call('GET', `/logs${query}`)).body
const described = (logs: readonly { description: string }[]) =>
  logs.map(({ description }) => Number(description.slice('log '.length)))
const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)

test('logs: the latest come first, 50 of them, and the other way round where it is asked', async () => {
  addLogs(120)
  expect(described(await get())).toEqual(numbers(70, 119).toReversed())
  expect(described(await get('?sort=date:1&per_page=3&page=1'))).toEqual([3, 4, 5])
})

test('logs: totals tell of the page, as Auth0’s do', async () => {
  addLogs(7)
  expect(await get('?per_page=5&page=1&include_totals=true')).toMatchObject({
    start: 5,
    limit: 5,
    length: 2,
    total: 2,
  })
})

test('logs: by checkpoint each comes once, the oldest first, also those that are yet to come', async () => {
  addLogs(250)
  const found: number[] = []
  let path = '/logs?take=100'
  const follow = async () => {
    const authorized = await under.callRaw('GET', path)
    const link = /^<https:\/\/127\.0\.0\.1:1\/api\/v2(\/logs\?[^>]+)>; rel="next"$/.exec(
      authorized.headers.get('link') ?? '',
    )
    path = link?.[1] ?? ''
    const logs = (await authorized.json()) as { description: string }[]
    found.push(...described(logs))
    return logs.length
  }
  expect([await follow(), await follow(), await follow()]).toEqual([100, 100, 50])
  const last = path
  expect([await follow(), path]).toEqual([0, last])
  addLogs(2)
  expect(await follow()).toBe(2)
  expect(found).toEqual([...numbers(0, 249), 0, 1])
})

test('logs: a deprecation notice is found by its type and its client, and carries its details', async () => {
  const [client] = under.tenant.state.clients.values()
  addLogs(3)
  const feature = { id: 'legacy_custom_claims', name: 'Legacy custom claims' }
  log(under.tenant, {
    type: 'depnote',
    client_id: client?.client_id ?? '',
    description: 'Legacy oauth/ro endpoint: *',
    details: { feature, method: 'POST', path: '/oauth/ro' },
  })
  addLogs(3)
  const found = await get(`?q=${encodeURIComponent('type:depnote AND description:*oauth/ro*')}`)
  expect(found).toMatchObject([
    { type: 'depnote', client_name: 'deploy-cli', details: { feature, path: '/oauth/ro' } },
  ])
  const [{ log_id }] = found
  expect(log_id).toMatch(/^900\d{53}$/)
  expect((await under.call('GET', `/logs/${log_id}`)).body).toEqual(found[0])
  expect((await under.call('GET', '/logs/900')).status).toBe(404)
})

test('logs: a user’s are found by the user', async () => {
  addLogs(9)
  const { body } = await under.call('GET', '/users/auth0%7C1/logs')
  expect(described(body)).toEqual([7, 4, 1])
})

test.each([
  ['q=surname:x', 'no searchable field'],
  ['sort=type:1', 'on property sort'],
  ['from=90020261121', 'on property from'],
  ['take=101', 'on property take'],
  ['per_page=100&page=10', 'checkpoint pagination'],
  ['search=x', 'search'],
])('logs: refuses ?%s', async (query, message) => {
  const { status, body } = await under.call('GET', `/logs?${query}`)
  expect(status).toBe(400)
  expect(body.message).toContain(message)
})
