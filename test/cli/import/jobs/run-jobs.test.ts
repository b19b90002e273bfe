import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JobRun } from '../../../../cli/import/jobs/job-run.ts'
import { runJobs } from '../../../../cli/import/jobs/run-jobs.ts'
import { unreachable } from '../../../../cli/unreachable.ts'
import { createImportWorld, fileOf, filesOf, type ImportWorld, pack } from '../import-world.ts'

const importRoute = '/api/v2/jobs/users-imports'
let world: ImportWorld

beforeEach(async () => {
  world = await createImportWorld()
})

afterEach(() => world.close())

/** One run over the files, as a process of its own makes it. */
async function importOnce(files: Parameters<typeof pack>[1], more: object = {}) {
  const state = world.open()
  try {
    await runJobs(world.run(state, more), pack(state, files))
    return state.users.counts()
  } finally {
    state.close()
  }
}

const posts = () => world.requests.filter(({ route }) => route === importRoute)
const jobsMade = () => world.running.tenant.activity.jobCount.imports

test('jobs: every user of every file is imported, two jobs at a time and never a third', async () => {
  const counts = await importOnce(filesOf(9, 20))
  expect(counts).toMatchObject({ inserted: 180, failed: 0, pending: 0, requeued: 0 })
  expect(world.mostJobs()).toBe(2)
  expect(posts().map(({ status }) => status)).toEqual(Array(9).fill(202))
  expect(world.running.tenant.state.users.size).toBe(180)
})

test('jobs: who fails is kept by reason, who was there is no failure, and a second run sends nobody', async () => {
  await world.auth0.manage('POST', 'users', {
    ...{ connection: 'legacy-users', email: 'user-2@legacy.example', password: 'a Pass-word 1' },
    user_id: 'legacy|2',
  })
  await world.auth0.manage('POST', 'users', {
    ...{ connection: 'legacy-users', email: 'user-3@legacy.example', password: 'a Pass-word 1' },
    user_id: 'signed-up',
  })
  const files = [
    fileOf(1, [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4, more: { email: 'nobody' } }]),
    fileOf(2, [{ id: 5 }]),
  ]
  const wanted = { inserted: 2, alreadyMigrated: 1, failed: 2, pending: 0 }
  expect(await importOnce(files)).toMatchObject(wanted)
  const state = world.open()
  expect(state.users.reasons()).toEqual({ duplicated_user: 1, format: 1 })
  state.close()
  expect(await importOnce(files)).toMatchObject(wanted)
  expect(posts()).toHaveLength(2)
})

test('jobs: a file that Auth0 has no room for waits, for as long as it takes', async () => {
  world.running.faults.add({ method: 'POST', route: importRoute, status: 429, times: 3 })
  const counts = await importOnce(filesOf(1, 5))
  expect(counts.inserted).toBe(5)
  expect(jobsMade()).toBe(1)
})

test('jobs: of a POST whose answer is lost the job is found again, and nothing is sent twice', async () => {
  world.running.faults.add({ method: 'POST', route: importRoute, cut: 'after', times: 2 })
  const said: string[] = []
  const counts = await importOnce(filesOf(4, 10), { say: (line: string) => said.push(line) })
  expect(counts).toMatchObject({ inserted: 40, alreadyMigrated: 0, requeued: 0 })
  expect(jobsMade()).toBe(4)
  expect(said).toHaveLength(2)
})

test.each([
  ['is cut before it arrives', { cut: 'before' }],
  ['is answered with 500', { status: 500 }],
  ['is answered with 503', { status: 503 }],
] as const)('jobs: a POST that %s is sent again when the logs stay silent', async (_, fault) => {
  world.running.faults.add({ method: 'POST', route: importRoute, times: 1, ...fault })
  const startedAt = Date.now()
  const counts = await importOnce(filesOf(1, 10))
  expect(counts).toMatchObject({ inserted: 10, requeued: 0 })
  expect(jobsMade()).toBe(1)
  // Not at once: a log may be late.
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(250)
})

test.each([
  ['connecting, which sent nothing, is repeated at once', 'connect', 0],
  ['reading, when Auth0 may have it, is looked for first', 'read', 1],
] as const)(
  'jobs: a POST that finds no way to the host while %s',
  async (_, syscall, lookedFor) => {
    const cause = Object.assign(new Error('no way'), { code: 'EHOSTUNREACH', syscall })
    const said: string[] = []
    let posts = 0
    const manage: JobRun['manage'] = async (method, path, body) => {
      posts += method === 'POST' ? 1 : 0
      if (method !== 'POST' || posts > 1) return world.auth0.manage(method, path, body)
      if (syscall === 'read') await world.auth0.manage(method, path, body)
      throw unreachable('a.test', 'POST api/v2/jobs', new TypeError('fetch failed', { cause }))
    }
    const say = (line: string) => said.push(line)
    expect(await importOnce(filesOf(1, 5), { manage, say })).toMatchObject({
      inserted: 5,
      alreadyMigrated: 0,
    })
    expect(said).toHaveLength(lookedFor)
    expect(jobsMade()).toBe(1)
  },
)

test('jobs: without read:logs a lost job is waited for until it can be at work no more', async () => {
  world.running.faults.add({ method: 'POST', route: importRoute, cut: 'after', times: 1 })
  const manage: ImportWorld['auth0']['manage'] = async (method, path, body) => {
    if (!path.startsWith('logs')) return world.auth0.manage(method, path, body)
    const refused = { errorCode: 'insufficient_scope' }
    return { status: 403, body: refused, headers: new Headers() }
  }
  const ended = importOnce(filesOf(1, 10), { manage })
  let over = false
  void ended.finally(() => {
    over = true
  })
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(over).toBe(false)
  world.clock.ahead += 2 * 60 * 60_000 + 6 * 60_000
  expect(await ended).toMatchObject({ inserted: 10, requeued: 0 })
  expect(jobsMade()).toBe(1)
})

test('jobs: of a job that fails half-way the rest goes back, and the next run brings them', async () => {
  world.running.tenant.activity.conductJob = (job) => ({
    ...{ delay: 20, usersPerSecond: 20_000 },
    ...(job === 0 && { stop: { after: 4, how: 'fail' as const } }),
  })
  expect(await importOnce(filesOf(1, 10))).toMatchObject({ inserted: 4, requeued: 6 })
  expect(await importOnce(filesOf(1, 10))).toMatchObject({ inserted: 10, requeued: 0 })
  expect(jobsMade()).toBe(2)
})

test('jobs: a job that stalls is polled to Auth0’s two hours, and what it did counts', async () => {
  world.running.tenant.activity.conductJob = (job) => ({
    ...{ delay: 0, usersPerSecond: 20_000 },
    ...(job === 0 && { stop: { after: 3, how: 'stall' as const } }),
  })
  const ended = importOnce(filesOf(1, 5))
  await new Promise((resolve) => setTimeout(resolve, 300))
  world.clock.ahead += 2 * 60 * 60_000
  expect(await ended).toMatchObject({ inserted: 3, requeued: 2 })
})

test('jobs: whose data Auth0 has deleted are settled by the users themselves', async () => {
  const [file] = filesOf(1, 6)
  const state = world.open()
  const { jobs } = state
  const sending = jobs.sending(jobs.prepare(file as never), Date.now())
  state.close()
  // As a process does that dies when the answer is there, and is started a day later.
  const form = new FormData()
  form.append('users', new Blob([new Uint8Array((file as { body: Buffer }).body)]), 'u.json')
  form.append('connection_id', world.connectionId)
  form.append('external_id', sending.externalId ?? '')
  const { body } = await world.auth0.manage('POST', 'jobs/users-imports', form)
  const again = world.open()
  again.jobs.sent(sending, (body as { id: string }).id, Date.now())
  again.close()
  world.clock.ahead += 25 * 60 * 60_000
  expect(await importOnce([file as never])).toMatchObject({ inserted: 6, requeued: 0 })
  expect(jobsMade()).toBe(1)
})

test('jobs: a process that died before it knew is made good by the next, without a second job', async () => {
  const files = filesOf(3, 10)
  const [first, second] = files
  const state = world.open()
  const one = state.jobs.sending(state.jobs.prepare(first as never), Date.now())
  state.jobs.prepare(second as never)
  state.close()
  const form = new FormData()
  form.append('users', new Blob([new Uint8Array((first as { body: Buffer }).body)]), 'u.json')
  form.append('connection_id', world.connectionId)
  form.append('external_id', one.externalId ?? '')
  await world.auth0.manage('POST', 'jobs/users-imports', form)
  expect(await importOnce(files)).toMatchObject({ inserted: 30, alreadyMigrated: 0, pending: 0 })
  expect(jobsMade()).toBe(3)
  expect(world.mostJobs()).toBeLessThanOrEqual(2)
})

test('jobs: whom a job of another source gives back is packed in the same run', async () => {
  const files = filesOf(2, 10)
  const state = world.open('an export of yesterday')
  state.jobs.sending(state.jobs.prepare(files[0] as never), Date.now())
  state.close()
  // The job was never made: its users are nowhere, and nobody may count them as done.
  expect(await importOnce(files)).toMatchObject({ inserted: 20, requeued: 0, pending: 0 })
})

test('jobs: on the free plan, with two requests a second, an import asks for no more than it may', async () => {
  await world.close()
  world = await createImportWorld('free')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const before = world.requests.length
  expect(await importOnce(filesOf(3, 4))).toMatchObject({ inserted: 12, pending: 0 })
  const statuses = world.requests.slice(before).map(({ status }) => status)
  expect(statuses).not.toContain(429)
})

test('jobs: a refused file stops the import with what Auth0 said, and its users are not lost', async () => {
  const big = Buffer.alloc(500_001, ' ')
  const [file] = filesOf(1, 3)
  const failed = importOnce([file as never], {
    manage: async (method: never, path: string, body: FormData) => {
      if (path === 'jobs/users-imports')
        body.set('users', new Blob([new Uint8Array(big)]), 'u.json')
      return world.auth0.manage(method, path, body)
    },
  })
  await expect(failed).rejects.toMatchObject({
    code: 'request_failed',
    message: 'POST jobs/users-imports: the tenant answered 413 payload_too_large.',
  })
  expect(await importOnce([file as never])).toMatchObject({ inserted: 3, pending: 0 })
})

test('jobs: what went wrong is told, whichever of the two it befell, and not that the other stopped', async () => {
  world.running.tenant.activity.conductJob = () => ({ delay: 60_000, usersPerSecond: 1 })
  const state = world.open()
  let sent = 0
  const manage: JobRun['manage'] = async (method, path, body) => {
    if (method === 'POST') sent += 1
    if (method !== 'POST' || sent < 2) return world.auth0.manage(method, path, body)
    // The first job is being waited for by then.
    await new Promise((resolve) => setTimeout(resolve, 300))
    return { status: 400, body: { errorCode: 'invalid_body' }, headers: new Headers() }
  }
  const run = world.run(state, { manage, pace: { ...world.run(state).pace, firstPoll: 5_000 } })
  await expect(runJobs(run, pack(state, filesOf(2, 3)))).rejects.toMatchObject({
    message: 'POST jobs/users-imports: the tenant answered 400 invalid_body.',
  })
  state.close()
})

test('jobs: with upsert each user is inserted or updated, whatever a job holds of both', async () => {
  await importOnce([fileOf(1, [{ id: 1 }])])
  world.clock.ahead += 60_000
  const state = world.open('another source')
  state.users.setOutcome(['legacy|1'], 'inserted', 'requeued')
  const file = fileOf(2, [{ id: 1, more: { nickname: 'new' } }, { id: 2 }])
  await runJobs(world.run(state, { upsert: true }), pack(state, [file]))
  expect(state.users.counts()).toMatchObject({ inserted: 1, updated: 1 })
  state.close()
})
