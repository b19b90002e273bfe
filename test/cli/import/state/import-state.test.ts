import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HolderOptions } from '../../../../cli/import/state/holder.ts'
import { type ImportState, openImportState } from '../../../../cli/import/state/import-state.ts'
import type { JobRecord, Outcome } from '../../../../cli/import/state/job-records.ts'
import { openSqlite } from '../../../../cli/import/state/open-sqlite.ts'
import { openState } from '../../../../cli/import/state/open-state.ts'
import { fileOf, filesOf, pack } from '../import-world.ts'

const identity = { domain: 'a.test', connectionId: 'con_1', idPrefix: 'legacy|' }
const clock = { now: Date.UTC(2026, 10, 21) }
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-state-test-'))
  path = join(folder, 'state.sqlite')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(source = 'one', options: Partial<HolderOptions> = {}): ImportState {
  return openImportState(path, identity, source, { now: () => clock.now, ...options })
}

test('state: a second importer is refused, and told who the first is', () => {
  const first = open()
  expect(() => open()).toThrowError(
    expect.objectContaining({
      code: 'state_in_use',
      message: expect.stringContaining(`process ${process.pid} on `),
    }),
  )
  first.close()
  open().close()
})

test('state: who is dead on this machine, or silent for a minute on another, is no holder any more', () => {
  const dead = { pid: 4_000_000, host: 'here', isAlive: () => true }
  open('one', dead)
  expect(() => open('one', { host: 'here', isAlive: () => true })).toThrow('4000000 on here')
  const next = open('one', { host: 'here', isAlive: () => false })
  next.close()
  open('one', { ...dead, host: 'elsewhere' })
  expect(() => open('one', { host: 'here', isAlive: () => false })).toThrow('elsewhere')
  clock.now += 60_000
  open('one', { host: 'here', isAlive: () => false }).close()
})

test('state: a process that was taken for dead and wakes up writes nothing', () => {
  const asleep = open('one', { host: 'elsewhere' })
  clock.now += 60_000
  const other = open()
  const [file] = filesOf(1, 2)
  expect(() => asleep.jobs.prepare(file as never)).toThrowError(
    expect.objectContaining({ code: 'state_in_use' }),
  )
  expect(other.users.has('legacy|1')).toBe(false)
  other.jobs.prepare(file as never)
  other.close()
})

test('state: a file of another tenant, connection or version is refused, and one that is no database', () => {
  open().close()
  const other = { ...identity, domain: 'b.test' }
  const options = { now: () => clock.now }
  expect(() => openImportState(path, other, 'one', options)).toThrow('another domain')
  const noDatabase = join(folder, 'notes.txt')
  writeFileSync(noDatabase, 'not a database at all, but long enough to be taken for one'.repeat(20))
  expect(() => openImportState(noDatabase, identity, 'one', options)).toThrowError(
    expect.objectContaining({ code: 'state_invalid' }),
  )
  expect(readFileSync(noDatabase, 'utf8')).toContain('not a database')
})

test('state: a database of somebody else’s is refused, and stays as it is', () => {
  const theirs = join(folder, 'theirs.db')
  const database = openSqlite(theirs)
  database.exec('create table customers (id text)')
  database.close()
  const before = readFileSync(theirs)
  const options = { now: () => clock.now }
  expect(() => openImportState(theirs, identity, 'one', options)).toThrowError(
    expect.objectContaining({ code: 'state_invalid' }),
  )
  expect(readFileSync(theirs)).toEqual(before)
})

test('state: a file that is damaged is refused, with what to do, wherever that is found out', () => {
  open().close()
  const whole = readFileSync(path)
  const pages = whole.length / 4_096
  let refused = 0
  for (let page = 0; page < pages; page += 1) {
    const damaged = Buffer.from(whole).fill(0x41, page * 4_096 + 100, (page + 1) * 4_096)
    writeFileSync(path, damaged)
    try {
      open().close()
    } catch (error) {
      refused += 1
      expect(error).toMatchObject({ code: 'state_invalid' })
    }
  }
  // The schema, the import's own name and the holder are read at once; the rest when it is asked for.
  expect(refused).toBeGreaterThanOrEqual(3)
})

test('state: whoever failed comes again with another source, and with the same one does not', () => {
  const state = open('first')
  const job = state.jobs.prepare(filesOf(1, 3)[0] as never)
  const failed = [{ userId: 'legacy|1', outcome: 'failed', reason: 'format' }] as const
  const sent = state.jobs.sent(state.jobs.sending(job, 1), 'job_1', 1)
  state.jobs.end(sent, 'completed', failed, 'inserted', 2)
  state.close()
  const known = (source: string) => {
    const again = open(source)
    const found = ['legacy|1', 'legacy|2', 'legacy|9'].map((id) => again.users.has(id))
    again.close()
    return found
  }
  expect(known('first')).toEqual([true, true, false])
  expect(known('mended')).toEqual([false, true, false])
})

test('state: holds ids, places and outcomes, and nothing of a person', () => {
  const state = open()
  const secret = { email: 'someone@private.example', password_hash: '$2b$10$hash' }
  state.jobs.prepare(fileOf(1, [{ id: 7, more: secret }]))
  state.close()
  const text = readFileSync(path).toString('latin1')
  expect(text).toContain('legacy|7')
  expect(text).not.toMatch(/private\.example|\$2b\$10/)
})

test('state: opening one says nothing of experimental features, and other warnings pass', () => {
  const module = join(import.meta.dirname, '../../../../cli/import/state/open-sqlite.ts')
  const script = `
    import { openSqlite } from ${JSON.stringify(module)}
    openSqlite(':memory:').close()
    process.emitWarning('something else')`
  const args = ['--input-type=module', '--eval', script]
  const output = execFileSync('/bin/sh', ['-c', '"$0" "$@" 2>&1', process.execPath, ...args], {
    encoding: 'utf8',
  })
  expect(output).not.toContain('SQLite')
  expect(output).toContain('something else')
})

test('state: a disk that is full is named, and what was written before stays true', () => {
  const state = openState(path, identity, { now: () => clock.now })
  state.database.exec('create table filler (text) ; pragma max_page_count = 30')
  const fill = () =>
    state.write(() => state.database.exec(`insert into filler values ('${'x'.repeat(400_000)}')`))
  expect(fill).toThrowError(
    expect.objectContaining({
      code: 'file_not_writable',
      message: expect.stringContaining('the same command goes on'),
    }),
  )
  state.write(() => state.database.exec("insert into filler values ('small')"))
  expect(state.database.prepare('select text from filler').all()).toEqual([{ text: 'small' }])
  state.close()
})

type Step = 'die' | 'end' | 'fail' | 'lose' | 'prepare' | 'send'

/**
 * Whatever order things happen in, and wherever a process dies: nobody is packed while Auth0 may have
 * them, and everybody is somewhere in the books.
 */
test('state: through every order of sending, losing and dying nobody is sent twice or forgotten', () => {
  const steps = fc.array(
    fc.constantFrom<Step>('prepare', 'send', 'send', 'lose', 'end', 'fail', 'die'),
    { maxLength: 25 },
  )
  let runs = 0
  fc.assert(
    fc.property(steps, (order) => {
      runs += 1
      path = join(folder, `state-${runs}.sqlite`)
      checkBooks(order)
    }),
    { numRuns: 40 },
  )
})

const files = filesOf(4, 3)
const everybody = files.flatMap((file) => file.users.map(({ userId }) => userId))

function checkBooks(order: readonly Step[]): void {
  let state = open()
  /** What Auth0 may hold, by user. */
  const out = new Set<string>()
  const settled = new Set<string>()
  let prepared: JobRecord[] = []
  const end = (outcome: Outcome) => {
    const [job] = state.jobs.unfinished()
    if (job === undefined) return
    for (const userId of state.jobs.userIds(job)) {
      out.delete(userId)
      if (outcome !== 'requeued') settled.add(userId)
    }
    state.jobs.end(job, 'completed', [], outcome, 1)
  }
  for (const step of order) {
    if (step === 'prepare') {
      const file = files.find(({ users }) => users.every(({ userId }) => !state.users.has(userId)))
      const busy = prepared.flatMap((job) => state.jobs.userIds(job))
      if (file === undefined || file.users.some(({ userId }) => busy.includes(userId))) continue
      for (const { userId } of file.users)
        expect(out.has(userId) || settled.has(userId)).toBe(false)
      prepared.push(state.jobs.prepare(file))
    }
    if (step === 'send') {
      const job = prepared.shift()
      if (job === undefined) continue
      state.jobs.sending(job, 1)
      for (const userId of state.jobs.userIds(job)) out.add(userId)
    }
    if (step === 'end') end('inserted')
    if (step === 'fail') end('failed')
    if (step === 'lose') end('requeued')
    if (step === 'die') {
      state.close()
      prepared = []
      state = open()
    }
  }
  for (const userId of everybody) {
    expect(state.users.has(userId), userId).toBe(
      out.has(userId) ||
        settled.has(userId) ||
        prepared.some((job) => state.jobs.userIds(job).includes(userId)),
    )
  }
  const { failed, inserted, pending } = state.users.counts()
  expect(inserted + failed).toBe(settled.size)
  expect(pending).toBe(out.size + prepared.reduce((sum, { users }) => sum + users, 0))
  state.close()
}

test('state: the packer’s question is asked of what the state holds', async () => {
  const state = open()
  state.jobs.prepare(files[0] as never)
  const state2Files: number[] = []
  state.close()
  const again = open()
  for await (const { number } of pack(again, files)) state2Files.push(number)
  expect(state2Files).toEqual([1, 2, 3, 4])
  again.close()
})
