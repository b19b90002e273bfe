import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeadLetter, SourcePlace } from '../../../../cli/import/import-types.ts'
import { writeFailedLetters } from '../../../../cli/import/results/failed-letters.ts'
import { importReport, reportText } from '../../../../cli/import/results/import-report.ts'
import { openImportState } from '../../../../cli/import/state/import-state.ts'
import type { Outcome } from '../../../../cli/import/state/job-records.ts'
import { fileOf } from '../import-world.ts'

const identity = { domain: 'a.test', connectionId: 'con_1', idPrefix: 'legacy|' }
let folder: string
let files = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-report-test-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A state in which a source's users have ended so; null is on the way. */
function stateOf(outcomes: readonly (Outcome | null)[]) {
  files += 1
  const path = join(folder, `state-${files}.sqlite`)
  const state = openImportState(path, identity, 'one', { now: () => 1 })
  for (const [index, outcome] of outcomes.entries()) {
    const job = state.jobs.sending(state.jobs.prepare(fileOf(index, [{ id: index }])), 1)
    if (outcome === null) continue
    const reason = outcome === 'failed' ? { reason: 'format' } : {}
    const named = [{ userId: `legacy|${index}`, outcome, ...reason }]
    state.jobs.end(job, 'completed', named, 'inserted', 1)
  }
  return state
}

const outcome = fc.constantFrom<Outcome | null>(
  ...(['already_migrated', 'failed', 'inserted', 'requeued', 'updated', null] as const),
)

test('report: the sums come out whatever became of whom, and do not when one row is missing', () => {
  fc.assert(
    fc.property(
      fc.array(outcome, { maxLength: 12 }),
      fc.nat(50),
      fc.nat(50),
      (all, dead, migrated) => {
        const state = stateOf(all)
        const read = all.length + dead + migrated
        const counts = { read, migrated, packed: all.length, settled: 0, dead, reasons: {} }
        const report = importReport(counts, state.users, null)
        expect(report.balances).toBe(true)
        expect(report.read).toBe(report.sent + report.skipped + report.dead + report.unfinished)
        expect(report.sent).toBe(report.inserted + report.updated + report.failed)
        expect(importReport({ ...counts, read: read + 1 }, state.users, null).balances).toBe(false)
        state.close()
      },
    ),
    { numRuns: 15 },
  )
})

test('report: users of another source are skipped, not sent once more', () => {
  files += 1
  const path = join(folder, `state-${files}.sqlite`)
  const first = openImportState(path, identity, 'first', { now: () => 1 })
  const job = first.jobs.sending(first.jobs.prepare(fileOf(1, [{ id: 1 }, { id: 2 }])), 1)
  first.jobs.end(job, 'completed', [], 'inserted', 1)
  first.close()
  const second = openImportState(path, identity, 'second', { now: () => 1 })
  const settled = ['legacy|1', 'legacy|2', 'legacy|3'].filter((id) => second.users.has(id))
  const counts = { read: 2, migrated: 0, packed: 0, settled: settled.length, dead: 0, reasons: {} }
  expect(importReport(counts, second.users, null)).toMatchObject({
    ...{ read: 2, sent: 0, skipped: 2, inserted: 0, balances: true },
  })
  second.close()
})

test('report: as a table it says what to do, and cries out when the books are wrong', () => {
  const state = stateOf(['inserted', 'failed', null])
  const counts = {
    read: 4,
    migrated: 0,
    packed: 3,
    settled: 0,
    dead: 1,
    reasons: { row_not_json: 1 },
  }
  const text = reportText(importReport(counts, state.users, null))
  expect(text).toContain('unfinished')
  expect(text).toContain('run the same command again')
  expect(text).toContain('row_not_json')
  expect(text).not.toContain('do not balance')
  const wrong = importReport({ ...counts, read: 5 }, state.users, null)
  expect(reportText(wrong)).toContain('do not balance')
  state.close()
})

test('dead letters: each user whom Auth0 refused has one, with the line as it was', async () => {
  const state = stateOf(['inserted', 'failed', 'failed'])
  const letters: DeadLetter[] = []
  const originals = {
    read: async ({ line }: SourcePlace) =>
      ({ format: 'ndjson', original: `line ${line}` }) as const,
  }
  const add = async (letter: DeadLetter) => {
    letters.push(letter)
  }
  await writeFailedLetters(state.users, originals, { add })
  expect(letters).toMatchObject([
    { reason: 'format', line: 1_000, format: 'ndjson', original: 'line 1000' },
    { reason: 'format', line: 2_000, original: 'line 2000' },
  ])
  state.close()
})
