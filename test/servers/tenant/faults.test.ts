import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Fault } from '../../../servers/tenant/faults.ts'
import type { RequestEntry } from '../../../servers/tenant/request-log.ts'
import { startedTenant } from './started-tenant.ts'

const entries: RequestEntry[] = []
const tenant = await startedTenant({ onRequest: (entry) => entries.push(entry) })
const { faults, tenant: served } = tenant.running
const creation = { method: 'POST', route: '/api/v2/clients' }
const create = (name: string) => tenant.call('POST', '/clients', { name })
const names = () => [...served.state.clients.values()].map(({ name }) => name)

beforeEach(() => faults.clear())
afterAll(() => tenant.close())

test.each([
  [429, 'Too Many Requests', 'Global limit has been reached'],
  [500, 'Internal Server Error', 'An internal server error occurred'],
  [503, 'Service Unavailable', 'The service is unavailable'],
] as const)(
  'faults: %i in place of the route, as often as asked',
  async (status, error, message) => {
    faults.add({ ...creation, status, times: 2 })
    const name = `App of ${status}`
    for (let count = 0; count < 2; count += 1) {
      const answer = await create(name)
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject({ statusCode: status, error, message })
    }
    expect(names()).not.toContain(name)
    expect((await create(name)).status).toBe(201)
  },
)

test('faults: a 429 says when to come back', async () => {
  faults.add({ ...creation, status: 429 })
  const { headers } = await create('App')
  expect(headers.get('x-ratelimit-remaining')).toBe('0')
  expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000)
})

test('faults: the Authentication API fails in words of its own', async () => {
  faults.add({ method: 'POST', route: '/oauth/token', status: 503 })
  const { status, body } = await tenant.ask('POST', '/oauth/token', {})
  expect([status, body]).toEqual([
    503,
    { error: 'temporarily_unavailable', error_description: 'The service is unavailable' },
  ])
})

test('faults: a connection that is cut before the route has changed nothing', async () => {
  faults.add({ ...creation, cut: 'before', times: 1 })
  await expect(create('Never made')).rejects.toThrow('fetch failed')
  expect(names()).not.toContain('Never made')
  expect(entries.at(-1)).toEqual({ ...creation, status: 0 })
  expect((await create('Made')).status).toBe(201)
})

test('faults: a connection that is cut after the route leaves its work done', async () => {
  faults.add({ ...creation, cut: 'after', times: 1 })
  await expect(create('Made unheard')).rejects.toThrow('fetch failed')
  expect(names()).toContain('Made unheard')
})

test('faults: a delay comes first, and the request is served after it', async () => {
  faults.add({ ...creation, delay: 200 })
  const startedAt = performance.now()
  expect((await create('Late')).status).toBe(201)
  expect(performance.now() - startedAt).toBeGreaterThan(195)
})

test('faults: they strike one method and one route, whatever is in its path', async () => {
  faults.add({ method: 'GET', route: '/api/v2/clients/{id}', status: 500 })
  const id = tenant.running.deployClient.client_id
  expect((await tenant.call('GET', `/clients/${id}`)).status).toBe(500)
  expect((await tenant.call('GET', '/clients/nobody')).status).toBe(500)
  expect((await tenant.call('PATCH', `/clients/${id}`, {})).status).toBe(200)
  expect((await tenant.call('GET', '/clients')).status).toBe(200)
})

test('faults: the third of four, and then the fourth in another way', async () => {
  faults.add({ ...creation, status: 503, skip: 2, times: 1 })
  faults.add({ ...creation, status: 500, skip: 3 })
  const statuses = []
  for (let count = 0; count < 5; count += 1) statuses.push((await create('App')).status)
  expect(statuses).toEqual([201, 201, 503, 500, 500])
})

test('faults: they end when they are cleared', async () => {
  faults.add({ ...creation, status: 500 })
  faults.clear()
  expect((await create('App')).status).toBe(201)
})

test.each<[why: string, fault: Fault, message: string]>([
  ['a route that is not there', { ...creation, route: '/api/v2/client', status: 500 }, 'no route'],
  [
    'a path in place of a route',
    { ...creation, route: '/api/v2/clients/1', cut: 'before' },
    'no route',
  ],
  ['two effects at once', { ...creation, status: 500, cut: 'after' }, 'not both'],
  ['no effect', { ...creation, times: 3 }, 'needs a status, a cut or a delay'],
])('faults: %s is refused, for it would strike nothing', (_, fault, message) => {
  expect(() => faults.add(fault)).toThrow(message)
})

test('faults: some can be there from the start, and a wrong one stops it', async () => {
  const planned = await startedTenant({ faults: [{ ...creation, status: 503, times: 1 }] })
  expect((await planned.call('POST', '/clients', { name: 'App' })).status).toBe(503)
  await planned.close()
  await expect(startedTenant({ faults: [{ ...creation, route: '/x' }] })).rejects.toThrow(
    'no route',
  )
})
