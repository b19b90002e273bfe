import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from '../../../cli/publish/folder-lock.ts'
import {
  type Before,
  markUndone,
  openJournal,
  type RunIdentity,
  readJournals,
  unfinishedRun,
} from '../../../cli/publish/journal.ts'
import { assertLastPublish, assertSamePhase, undoUnitOf } from '../../../cli/publish/undo-unit.ts'

let folder: string
let hour = 0

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function run(command: RunIdentity['command'] = 'publish', detail = 'lazy'): RunIdentity {
  hour += 1
  const at = new Date(Date.UTC(2026, 10, 21, hour)).toISOString()
  return { id: `run${hour}`, command, domain: 'd', at, host: 'h', pid: 1, detail }
}

function action(name: string, state: unknown = null): Before {
  return { kind: 'action', name, id: null, state }
}

/** A publish that notes some Actions, and ends so or not at all. */
function publish(names: readonly string[], end?: 'done' | 'failed', state: unknown = null) {
  const journal = openJournal(folder, run())
  for (const name of names) journal.before(action(name, state))
  journal.step('deploy-cli')
  if (end !== undefined) journal.end(end)
  return journal
}

const unitNames = () => undoUnitOf(readJournals(folder)).before.map(({ name }) => name)

test('journal: what was noted is read again, for its owner alone, with its last line torn', () => {
  const journal = publish(['a'])
  journal.after('action', 'a', 'digest')
  appendFileSync(journal.file, '{"before":{"kind":"act')
  expect(statSync(journal.file).mode & 0o777).toBe(0o600)
  expect(readJournals(folder)).toMatchObject([
    { before: [action('a')], steps: ['deploy-cli'], after: { 'action a': 'digest' }, end: null },
  ])
})

test('journal: a line that is torn takes none with it that comes after', () => {
  const journal = publish(['a'], 'done')
  appendFileSync(journal.file, '{"step":"pro')
  const [torn] = readJournals(folder)
  if (torn !== undefined) markUndone(torn)
  expect(readJournals(folder)).toMatchObject([{ before: [action('a')], end: 'undone' }])
})

test('journal: what cannot be noted is an error that names the file, before anything is done', () => {
  const notWritable = expect.objectContaining({ code: 'file_not_writable' })
  writeFileSync(join(folder, 'a-file'), '')
  const inFile = join(folder, 'a-file', 'domain')
  expect(() => openJournal(inFile, run())).toThrow(notWritable)
  expect(() => lockFolder(inFile, run())).toThrow(notWritable)
  const journal = publish(['a'])
  rmSync(journal.file)
  mkdirSync(journal.file)
  expect(() => journal.step('proof')).toThrow(notWritable)
})

test('unfinishedRun: the last one alone, when it was killed or failed', () => {
  expect(unfinishedRun([])).toBeNull()
  publish(['a'])
  expect(unfinishedRun(readJournals(folder))?.end).toBeNull()
  publish(['a'], 'failed')
  expect(unfinishedRun(readJournals(folder))?.end).toBe('failed')
  publish(['a'], 'done')
  expect(unfinishedRun(readJournals(folder))).toBeNull()
})

test('undoUnitOf: the last publish, with those before it that did not end', () => {
  publish(['first'], 'done')
  publish(['a', 'b'])
  publish(['b', 'c'], 'failed')
  publish(['d'], 'done')
  expect(unitNames()).toEqual(['a', 'b', 'c', 'd'])
})

test('undoUnitOf: keeps what the first run found, and not what a later one did', () => {
  publish(['a'], undefined, { code: 'theirs' })
  publish(['a'], 'done', { code: 'half done' })
  expect(undoUnitOf(readJournals(folder)).before).toEqual([action('a', { code: 'theirs' })])
  rmSync(folder, { recursive: true })
  publish(['made'])
  publish(['made'], 'done', { code: 'made by the first' })
  expect(undoUnitOf(readJournals(folder)).before).toEqual([action('made', null)])
})

test('undoUnitOf: goes back publish by publish, and then says that there is none', () => {
  publish(['a'], 'done')
  publish(['b'], 'done')
  expect(unitNames()).toEqual(['b'])
  for (const name of ['a', 'none']) {
    for (const one of undoUnitOf(readJournals(folder)).runs) markUndone(one)
    if (name === 'a') expect(unitNames()).toEqual(['a'])
  }
  expect(() => undoUnitOf(readJournals(folder))).toThrow(
    expect.objectContaining({ code: 'nothing_to_undo' }),
  )
})

test('undoUnitOf: takes no undo for a publish, and no publish that changed nothing', () => {
  publish(['a'], 'done')
  const undo = openJournal(folder, run('undo'))
  undo.before(action('of an undo'))
  publish([], 'done')
  expect(unitNames()).toEqual(['a'])
})

test('assertSamePhase: refuses when the phase was switched since, and not when it was switched back', () => {
  publish(['a'], 'done')
  const unit = undoUnitOf(readJournals(folder))
  expect(() => assertSamePhase(unit, 'complete')).toThrow(/phase is complete since that publish/)
  expect(() => assertSamePhase(unit, 'lazy')).not.toThrow()
  expect(() => assertSamePhase(unit, undefined)).not.toThrow()
})

test('assertLastPublish: refuses where the last publish was of a machine whose journal is not here', () => {
  publish(['a'], 'done')
  const runs = readJournals(folder)
  const own = runs[0]?.run.id
  assertLastPublish(runs, undefined)
  assertLastPublish(runs, `2026-11-21T08:00:00.000Z ci ${own}`)
  expect(() => assertLastPublish(runs, '2026-11-21T08:00:00.000Z ci-7 0123456789ab')).toThrow(
    expect.objectContaining({
      code: 'nothing_to_undo',
      message: expect.stringContaining('of 2026-11-21T08:00:00.000Z on ci-7'),
    }),
  )
})
