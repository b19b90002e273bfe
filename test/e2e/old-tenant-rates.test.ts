import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { movedKey } from '../../core/old-tenant-user.ts'
import { type Ended, migration } from '../cli/run-migration.ts'
import { addOldUser, oldProfile } from '../runtimes/old-tenant/old-users.ts'
import { connection } from '../runtimes/old-tenant/world.ts'
import { startTwoTenants, type TwoTenants } from './old-tenant-world.ts'

/** Milliseconds that the old tenant takes for an export: there is time to log in meanwhile. */
const exportTime = 6_000

let tenants: TwoTenants
let folder: string
/** Requests to the old tenant's Management API: method, route, status. */
const managed: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'free-plan-'))
  const config = {
    ...{ source: 'auth0-tenant', connection, idPrefix: '', claims: [] },
    oldTenant: { appMetadata: 'all', userMetadata: 'all' },
    backfill: { since: '2026-11-21' },
  }
  writeFileSync(join(folder, 'migration.config.ts'), `export default ${JSON.stringify(config)}\n`)
  tenants = await startTwoTenants({
    plan: 'free',
    onRequest({ method, route, status }) {
      if (route.startsWith('/api/v2/')) managed.push(`${method} ${route} ${status}`)
      if (route === '/api/v2/jobs/users-exports') prolong()
    },
  })
}, 60_000)

afterAll(async () => {
  await tenants.close()
  rmSync(folder, { recursive: true, force: true })
})

function prolong(): void {
  const { activity } = tenants.old.old.tenant
  for (const [id, job] of activity.jobs) {
    if (job.status === 'pending') {
      activity.jobs.set(id, { ...job, createdAt: job.createdAt + exportTime })
    }
  }
}

function status(): Promise<Ended> {
  return migration(['status', '--no-tenant', '--json'], {
    cwd: folder,
    env: { ...tenants.old.settings, NODE_EXTRA_CA_CERTS: tenants.old.old.caFile },
  })
}

test('two tenants: on a free plan a status is read while people log in and reset, and none of them is starved', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => addOldUser(tenants.old)))
  let isOver = false
  const reading = status().finally(() => {
    isOver = true
  })
  const answers: number[] = []
  for (let turn = 0; !isOver || turn < people.length; turn += 1) {
    const { email, password } = people[turn % people.length] ?? { email: '', password: '' }
    answers.push((await tenants.logIn(email, password)).status)
    const forgetful = await addOldUser(tenants.old)
    await setTimeout(1_000)
    answers.push(await tenants.post('change_password', { email: forgetful.email }))
    await setTimeout(1_000)
  }
  expect(new Set(answers)).toEqual(new Set([200]))

  const { status: exit, stdout, stderr } = await reading
  expect([exit, stderr]).toEqual([0, expect.not.stringContaining('error')])
  expect(JSON.parse(stdout).total).toBeGreaterThanOrEqual(people.length)
  const ofExport = managed.filter((one) => one.includes('/jobs'))
  expect(ofExport.filter((one) => /^POST .* 200$/.test(one))).toHaveLength(1)
  expect(ofExport.length).toBeLessThanOrEqual(6)
  // A look at an address, which stops resets and sign-ups where it fails.
  expect(managed.filter((one) => one.includes('users-by-email') && !one.endsWith(' 200'))).toEqual(
    [],
  )
  // Whose mark found the limit used up is marked at the next login.
  const isMarked = (userId: string) => movedKey in oldProfile(tenants.old, userId).app_metadata
  for (const { email, password } of people.filter(({ userId }) => !isMarked(userId))) {
    await setTimeout(1_000)
    await tenants.logIn(email, password)
  }
  expect(people.filter(({ userId }) => !isMarked(userId))).toEqual([])
}, 90_000)
