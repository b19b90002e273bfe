import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type ReadinessInput, reasonsAgainst } from '../../cli/life/readiness.ts'
import { resetLinkLifetime } from '../../cli/life/reset-links.ts'
import { digestScripts, journaledScripts, scriptsToRestore } from '../../cli/life/scripts.ts'
import { readWaived } from '../../cli/life/waived.ts'
import type { JournaledRun } from '../../cli/publish/journal.ts'
import { isNoOp } from '../../cli/publish/no-op.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const lifetime = 432_000
const over: ReadinessInput = {
  record: { phase: 'complete', since: '2026-11-16T12:00:00.000Z' },
  counts: {
    ...{ total: 10, migrated: 8, remaining: 2, complete: 7, too_large: 1, not_found: 0 },
    per_day: [],
  },
  ...{ stuck: 0, allowRemaining: 2, linkLifetime: lifetime, now },
}

function codes(input: Partial<ReadinessInput>): readonly string[] {
  return reasonsAgainst({ ...over, ...input }).map(({ code }) => code)
}

test('reasonsAgainst: nothing stands against it at the very moment when the links have run out', () => {
  expect(codes({})).toEqual([])
  expect(codes({ now: now - 1 })).toEqual(['reset_links_alive'])
  expect(codes({ linkLifetime: lifetime + 1 })).toEqual(['reset_links_alive'])
})

test('reasonsAgainst: in no phase but complete, however long ago, with however few', () => {
  fc.assert(
    fc.property(fc.constantFrom('lazy', 'off'), fc.nat(1_000), (phase, days) => {
      const since = new Date(now - days * 86_400_000).toISOString()
      expect(codes({ record: { phase, since } as const })).toEqual(['lazy_logins_go_on'])
    }),
  )
})

test('reasonsAgainst: one too many left, one not whole, numbers that do not add up: each is said', () => {
  expect(codes({ allowRemaining: 1 })).toEqual(['users_remaining'])
  expect(codes({ stuck: 1 })).toEqual(['users_not_whole'])
  expect(codes({ counts: { ...over.counts, complete: 8 } })).toEqual(['numbers_do_not_add_up'])
  const record = { phase: 'lazy', since: over.record.since } as const
  const all = { record, stuck: 3, allowRemaining: 0 }
  expect(codes({ ...all, counts: { ...over.counts, migrated: 9 } })).toEqual([
    ...['lazy_logins_go_on', 'numbers_do_not_add_up', 'users_remaining', 'users_not_whole'],
  ])
})

function templateOf(status: number, body: unknown) {
  return { manage: async () => ({ status, body, headers: new Headers() }) }
}

test('resetLinkLifetime: is the longer of the default and what the mail of the tenant says', async () => {
  expect(await resetLinkLifetime(templateOf(404, {}))).toBe(lifetime)
  expect(await resetLinkLifetime(templateOf(200, {}))).toBe(lifetime)
  expect(await resetLinkLifetime(templateOf(200, { urlLifetimeInSeconds: 3_600 }))).toBe(lifetime)
  expect(await resetLinkLifetime(templateOf(200, { urlLifetimeInSeconds: 900_000 }))).toBe(900_000)
  const body = { errorCode: 'insufficient_scope', message: 'scope: read:email_templates' }
  await expect(resetLinkLifetime(templateOf(403, body))).rejects.toMatchObject({
    ...{ code: 'scope_missing', message: expect.stringContaining('read:email_templates') },
  })
})

test('readWaived: takes ids as they are, and every line that status --list prints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waived-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const lines = [
    'plain',
    'too-large\tlisted',
    'not-found\t"with\\nbreak"',
    '{"cause":"conflict","legacyId":"json"}',
    '{"end":true,"count":3}',
    '',
  ]
  writeFileSync(join(folder, 'ids'), lines.join('\r\n'))
  const ids = readWaived(['given'], 'ids', folder)
  expect([...ids]).toEqual([...['given', 'plain', 'listed', 'with\nbreak', 'json']])
  expect(() => readWaived([], 'no-such-file', folder)).toThrow(/no-such-file.*ENOENT/)
})

const scripts = fc.dictionary(fc.constantFrom('login', 'get_user'), fc.string(), { minKeys: 1 })

test('scriptsToRestore: only what the tenant remembers, to the byte', () => {
  fc.assert(
    fc.property(scripts, scripts, (published, other) => {
      const digest = digestScripts(published)
      expect(scriptsToRestore(digest, [other, published])).toEqual(published)
      const differ = digestScripts(other) !== digest
      expect(scriptsToRestore(digest, [other])).toEqual(differ ? null : published)
    }),
  )
})

test('journaledScripts: those of every complete of this connection, the latest first', () => {
  const run = (command: string, name: string, code: string) =>
    ({
      run: { command },
      before: [
        { kind: 'action', name: 'mark-migrated', state: {} },
        { kind: 'connection', name, state: { scripts: { login: code, verify: null } } },
      ],
    }) as unknown as JournaledRun
  const runs = [
    run('complete', 'ours', 'first'),
    run('publish', 'ours', 'second'),
    run('complete', 'theirs', 'third'),
    run('complete', 'ours', 'fourth'),
  ]
  expect(journaledScripts(runs, 'ours')).toEqual([{ login: 'fourth' }, { login: 'first' }])
})

test('isNoOp: knows the forms of the build by their head, and no script that only mentions them', () => {
  expect(isNoOp('// Built by x\n// Sources: databases/a/no-op/login.ts\nfunction login() {}')).toBe(
    true,
  )
  expect(isNoOp('// Sources: databases/a/login.ts\n// see no-op/login.ts')).toBe(false)
  expect(isNoOp(undefined)).toBe(false)
})
