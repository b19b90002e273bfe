import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allKinds } from '../../../cli/doctor/all-kinds.ts'
import type { Finding, NotChecked, Place } from '../../../cli/doctor/finding.ts'
import { jsonReport } from '../../../cli/doctor/report/json.ts'
import type { Diagnosis } from '../../../cli/doctor/report/outcomes.ts'
import { sarifReport } from '../../../cli/doctor/report/sarif.ts'
import { datesText, textReport } from '../../../cli/doctor/report/text.ts'
import { daysLeft, daysUntil, severities, severityOn } from '../../../cli/doctor/severity.ts'
import { sarifSchema } from './sarif-schema.ts'

const ajv = new Ajv({ allErrors: true })
formats.default(ajv)
const isSarif = ajv.compile(sarifSchema)

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const place: fc.Arbitrary<Place> = fc.record(
  {
    file: fc
      .array(
        words.filter((name) => !/[/\\\0]/.test(name)),
        { minLength: 1 },
      )
      .map((names) => names.join('/')),
    line: fc.integer({ min: 1, max: 1e6 }),
    column: fc.integer({ min: 1, max: 1e4 }),
    resource: words,
  },
  { requiredKeys: [] },
)
const severity = fc.constantFrom(...severities)
const finding: fc.Arbitrary<Finding> = fc.record({
  type: fc.constant('finding' as const),
  kind: fc.constantFrom(...allKinds),
  what: words,
  where: place,
})
const notChecked: fc.Arbitrary<NotChecked> = fc.record({
  type: fc.constant('not-checked' as const),
  id: fc.oneof(words, fc.constantFrom(...allKinds.map(({ id }) => id))),
  because: words,
  where: place,
})
const diagnosis: fc.Arbitrary<Diagnosis> = fc.record({
  today: fc.constant('2026-11-21'),
  read: fc.array(words),
  findings: fc.array(fc.record({ finding, severity }), { maxLength: 8 }),
  notChecked: fc.array(notChecked, { maxLength: 8 }),
  surplus: fc.array(
    fc.record({
      id: fc.constantFrom(...allKinds.map(({ id }) => id)),
      severity: fc.constantFrom(...severities, 'not-checked' as const),
      count: fc.integer({ min: 1, max: 1e6 }),
    }),
    { maxLength: 3 },
  ),
  failOn: fc.constant('error' as const),
})

test('sarifReport: whatever was found, it is SARIF 2.1.0, and each result names its rule', () => {
  fc.assert(
    fc.property(diagnosis, (any) => {
      const sarif: unknown = JSON.parse(JSON.stringify(sarifReport(any, allKinds)))
      expect(isSarif(sarif), ajv.errorsText(isSarif.errors)).toBe(true)
      const [run] = sarifReport(any, allKinds).runs
      expect(run?.results).toHaveLength(any.findings.length)
      for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
        expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
        // GitHub refuses the whole file otherwise.
        expect(locations?.[0]?.physicalLocation?.artifactLocation.uri).toBeTruthy()
      }
    }),
    { numRuns: 60 },
  )
})

test('sarifSchema: refuses what is not SARIF', () => {
  const good = { version: '2.1.0', runs: [{ tool: { driver: { name: 'a' } } }] }
  expect(isSarif(good)).toBe(true)
  const noMessage = { ...good.runs[0], results: [{ ruleId: 'a' }] }
  const zero = [{ physicalLocation: { artifactLocation: { uri: 'a' }, region: { startLine: 0 } } }]
  const lineZero = { ...good.runs[0], results: [{ message: { text: 'a' }, locations: zero }] }
  for (const bad of [{ runs: [] }, { ...good, runs: [noMessage] }, { ...good, runs: [lineZero] }]) {
    expect(isSarif(bad)).toBe(false)
  }
})

test('every report: what was not checked is in it, with the reason', () => {
  fc.assert(
    fc.property(diagnosis, (any) => {
      const sarif = JSON.stringify(sarifReport(any, allKinds))
      const json = jsonReport(any)
      expect(json.notChecked).toHaveLength(any.notChecked.length)
      const plain = (line: string) => line.replaceAll(/[\s\p{Cc}]+/gu, ' ')
      const text = plain(textReport(any))
      for (const { id, because } of any.notChecked) {
        expect(sarif).toContain(
          JSON.stringify(`${id}: not checked, because ${because}.`).slice(1, -1),
        )
        expect(text).toContain(plain(because).trim())
      }
      if (any.notChecked.length > 0) expect(text).toContain('Not checked:')
    }),
    { numRuns: 60 },
  )
})

test('textReport: says each kind once, with its places, the worst first as they come', () => {
  const [kind] = allKinds
  if (kind === undefined) throw new Error('no kinds')
  const of = (line: number) => ({
    finding: { type: 'finding' as const, kind, what: `Thing ${line}.`, where: { file: 'a', line } },
    severity: 'error' as const,
  })
  const findings = Array.from({ length: 12 }, (_, index) => of(index + 1))
  const text = textReport({
    today: '2026-11-21',
    read: ['a'],
    findings,
    notChecked: [],
    surplus: [],
    failOn: 'error',
  })
  expect(text.split(kind.title)).toHaveLength(2)
  expect(text).toContain('a:10: Thing 10.')
  expect(text).toContain('and 2 more: --json has them all.')
  expect(text).toContain('a: 12 errors, 0 warnings, 0 notes')
})

test('every report: what is not told one by one is counted', () => {
  const [kind] = allKinds
  if (kind === undefined) throw new Error('no kinds')
  const where = { file: 'a.js', line: 1 }
  const finding = { type: 'finding' as const, kind, what: 'Bad.', where }
  const diagnosis: Diagnosis = {
    today: '2026-11-21',
    read: ['src'],
    findings: [{ finding, severity: 'error' }],
    notChecked: [{ type: 'not-checked', id: 'parse', because: 'it does not parse', where }],
    surplus: [
      { id: kind.id, severity: 'error', count: 4_000 },
      { id: 'parse', severity: 'not-checked', count: 50_000 },
    ],
    failOn: 'error',
  }
  const text = textReport(diagnosis)
  expect(text).toContain('and 4,000 more: --json has the first 1.')
  expect(text).toContain('and in 50,000 more places: parse')
  expect(text).toContain('src: 4,001 errors, 0 warnings, 0 notes')
  expect(jsonReport(diagnosis).counts).toEqual({
    error: 4_001,
    warning: 0,
    note: 0,
    'not-checked': 50_001,
  })
  const [run] = sarifReport(diagnosis, allKinds).runs
  const told = run?.invocations[0]?.toolExecutionNotifications.map(({ message }) => message.text)
  expect(told).toContain(`${kind.id}: 4000 more, of which no place is told.`)
  expect(told).toContain('parse: 50000 more, of which no place is told.')
})

test('textReport: a name that would write its own lines or colours does not', () => {
  const [kind] = allKinds
  if (kind === undefined) throw new Error('no kinds')
  const where = { resource: 'client \u001b[2JX\n\n0 errors' }
  const finding = { type: 'finding' as const, kind, what: 'Bad.', where }
  const findings = [{ finding, severity: 'error' as const }]
  const text = textReport({
    today: '2026-11-21',
    read: [],
    findings,
    notChecked: [],
    surplus: [],
    failOn: 'never',
  })
  expect(text).toContain('client  [2JX  0 errors: Bad.')
  expect(text).not.toContain('\u001b')
})

const rule = {
  id: 'r',
  title: 'R',
  why: 'W',
  remedy: 'D',
  link: 'https://a.example',
  severity: 'error',
} as const
const dated = (until: string): Finding => ({
  type: 'finding',
  kind: { ...rule, since: '2026-01-01', until },
  what: 'a',
  where: {},
})

test('severityOn: what ends on a later day is a warning until then', () => {
  expect(severityOn('2026-11-17', dated('2026-11-18'))).toBe('warning')
  expect(severityOn('2026-11-18', dated('2026-11-18'))).toBe('error')
  expect(severityOn('2026-11-21', dated('2026-11-18'))).toBe('error')
})

test('severityOn: what is a note stays one, and a finding may say otherwise than its kind', () => {
  const note = { ...dated('2027-01-01'), severity: 'note' as const }
  expect(severityOn('2026-11-21', note)).toBe('note')
  expect(severityOn('2027-11-21', note)).toBe('note')
})

test('daysUntil: counts whole days, over leap days and the change of clocks', () => {
  expect(daysUntil('2026-11-21', '2027-03-04')).toBe(103)
  expect(daysUntil('2024-02-28', '2024-03-01')).toBe(2)
  expect(daysUntil('2026-11-21', '2026-11-18')).toBe(-3)
  expect(daysLeft('2026-11-21', '2026-11-22')).toBe('1 day left')
  expect(daysLeft('2026-11-21', '2026-11-21')).toBe('today')
  expect(daysLeft('2026-11-21', '2017-02-01')).toBe('3,580 days ago')
})

test('datesText: says since and until, and how long that is', () => {
  const kind = { ...rule, since: '2026-08-04', until: '2027-03-04' }
  expect(datesText(kind, '2026-11-21')).toBe('since 2026-08-04, until 2027-03-04, 103 days left')
  expect(datesText({ ...rule, until: '2026-11-18' }, '2026-11-21')).toBe(
    'ended 2026-11-18, 3 days ago',
  )
  expect(datesText(rule, '2026-11-21')).toBe('')
})
