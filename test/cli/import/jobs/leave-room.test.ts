import { expect, test } from 'vitest'
import { leaveRoom, type Manage } from '../../../../cli/import/jobs/leave-room.ts'
import { limitsOf, type Plan } from '../../../../servers/tenant/rate-limit-plans.ts'
import { createRateLimiter } from '../../../../servers/tenant/rate-limits.ts'

/** A tenant with a plan and a clock that goes on only while somebody waits. */
function limitedTenant(plan: Plan) {
  const clock = { now: Date.UTC(2026, 10, 21) }
  const limiter = createRateLimiter(plan)
  let lowest = 1
  let refused = 0
  const take = (method: string, path: string) => limiter.take(method, path, clock.now)
  const manage: Manage = async (method, path) => {
    const verdicts = take(method, `/${path}`)
    const tightest = verdicts.toSorted((one, other) => one.remaining - other.remaining)[0]
    if (verdicts.some(({ allowed }) => !allowed)) refused += 1
    if (tightest === undefined) return { status: 200, body: {}, headers: new Headers() }
    lowest = Math.min(lowest, tightest.remaining / tightest.limit.size)
    const headers = new Headers({
      'x-ratelimit-limit': String(tightest.limit.size),
      'x-ratelimit-remaining': String(tightest.remaining),
      'x-ratelimit-reset': String(Math.ceil(tightest.resetAt / 1000)),
    })
    return { status: 200, body: {}, headers }
  }
  return { clock, manage, take, lowest: () => lowest, refused: () => refused }
}

const plans = Object.keys(limitsOf) as readonly Plan[]

test.each(plans)('room: on plan %s half of each bucket is left to logins', async (plan) => {
  const tenant = limitedTenant(plan)
  const start = tenant.clock.now
  const pause = async (milliseconds: number) => {
    tenant.clock.now += milliseconds
  }
  const manage = leaveRoom(tenant.manage, { now: () => tenant.clock.now, pause })
  for (let request = 0; request < 300; request += 1) await manage('GET', `users/auth0%7C${request}`)
  expect(tenant.refused()).toBe(0)
  // One request finds the bucket at half, and takes one more.
  const { global, endpoints } = limitsOf[plan]
  const own = endpoints.find(
    ({ methods, paths }) => methods.includes('GET') && paths.test('/users/1'),
  )
  const size = global?.size ?? own?.size ?? 1
  expect(tenant.lowest()).toBeGreaterThanOrEqual(0.5 - 1 / size)
  // A login's write passes all the same, at any moment.
  expect(tenant.take('PATCH', '/users/auth0%7C1').every(({ allowed }) => allowed)).toBe(true)
  expect(tenant.clock.now - start).toBeGreaterThan(0)
})

test('room: sustained, a plan’s rate is used up, and not more', async () => {
  const tenant = limitedTenant('enterprise-production')
  const start = tenant.clock.now
  const pause = async (milliseconds: number) => {
    tenant.clock.now += milliseconds
  }
  const manage = leaveRoom(tenant.manage, { now: () => tenant.clock.now, pause })
  for (let request = 0; request < 2_000; request += 1) await manage('GET', 'users/1')
  const rate = 2_000 / ((tenant.clock.now - start) / 1_000)
  expect(rate).toBeLessThanOrEqual(17)
  expect(rate).toBeGreaterThan(8)
})

test('room: those who ask at once wait in turn, and one who is interrupted is in nobody’s way', async () => {
  const tenant = limitedTenant('free')
  let waits = 0
  const pause = async (milliseconds: number) => {
    waits += 1
    tenant.clock.now += milliseconds
    if (waits === 2) throw new Error('interrupted')
  }
  const manage = leaveRoom(tenant.manage, { now: () => tenant.clock.now, pause })
  const ends = await Promise.allSettled(
    Array.from({ length: 12 }, (_, request) => manage('GET', `users/${request}`)),
  )
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1)
})

test('room: without limits nothing waits', async () => {
  const pause = async () => {
    throw new Error('waited')
  }
  const unlimited: Manage = async () => ({ status: 200, body: {}, headers: new Headers() })
  const manage = leaveRoom(unlimited, { pause })
  for (let request = 0; request < 50; request += 1) {
    expect((await manage('GET', 'users/1')).status).toBe(200)
  }
})
