import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Figure } from '../../bench/figure.ts'
import { sections } from '../../bench/sections.ts'

interface Report {
  readonly machine: { readonly node: string; readonly cores: number }
  readonly rounds: number
  readonly seed: number
  readonly quick: boolean
  readonly seconds: number
  readonly figures: readonly (Figure & { readonly section: string; readonly holds: boolean })[]
}

interface Run {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

function bench(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['bench/main.ts', ...args], (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

// Times are never asserted: whoever else uses this machine would decide whether the test passes.
describe('bench: a quick run', () => {
  let run: Run
  let report: Report
  let figures: ReadonlyMap<string, Report['figures'][number]>
  const value = (name: string) => figures.get(name)?.value

  beforeAll(async () => {
    run = await bench('--quick', '--seed', '7', '--json')
    report = JSON.parse(run.stdout)
    figures = new Map(report.figures.map((figure) => [figure.name, figure]))
  }, 240_000)

  test('measures every section that needs not be named, and says on stderr where it is', () => {
    const unnamed = sections.filter(({ byNameOnly = false }) => !byNameOnly)
    const measured = new Set(report.figures.map(({ section }) => section))
    expect([...measured]).toEqual(unnamed.map(({ name }) => name))
    for (const { name } of unnamed) expect(run.stderr).toContain(`bench: ${name}: begins`)
  })

  test('every figure has a name of its own, a unit and a value that was measured', () => {
    expect(figures.size).toBe(report.figures.length)
    for (const { name, unit, value } of report.figures) {
      expect(name).toMatch(/^[a-z0-9-_/.]+$/)
      expect(unit).not.toBe('')
      expect(Number.isFinite(value) && value >= 0, name).toBe(true)
    }
  })

  test('the exit status is 0 when every reach holds, and else 1', () => {
    for (const { name, value, reach, holds } of report.figures) {
      expect(holds, name).toBe(reach === undefined || value <= reach)
    }
    expect(run.status).toBe(report.figures.every(({ holds }) => holds) ? 0 : 1)
  })

  test('the machine, the seed and that it was quick are told', () => {
    expect(report.machine.node).toBe(process.version)
    expect(report.machine.cores).toBeGreaterThan(0)
    expect(report).toMatchObject({ rounds: 1, seed: 7, quick: true })
  })

  test.each(['network-calls', 'metadata-writes', 'cache-calls'])(
    'a user who is done costs no %s',
    (what) => {
      expect(figures.get(`hot-path-${what}`)).toMatchObject({ value: 0, reach: 0 })
    },
  )

  test.each([
    ['an ordinary first login', 'ordinary-first-login', 1, 2],
    ['an interrupted one', 'interrupted-first-login', 2, 3],
    ['an interrupted one far away', 'far-first-login', 2, 3],
  ])('%s makes the requests it should, and the naive Action one more', (_, name, flow, naive) => {
    expect(value(`${name}-requests`)).toBe(flow)
    expect(value(`${name}-requests-of-naive`)).toBe(naive)
  })

  test.each(['faults', 'correlated-faults'])('%s fail no login but the naive one', (name) => {
    expect(value(`${name}-failed`)).toBe(0)
    expect(value(`${name}-without-their-metadata`)).toBe(0)
    // Three attempts a login, each refused with a probability of 1 %.
    expect(value(`${name}-failed-of-naive`)).toBeGreaterThan(0)
    expect(value(`${name}-failed-of-naive`)).toBeLessThan(15)
  })

  test('what independent faults prevented is done at the next login', () => {
    expect(value('faults-unmigrated-after-the-next')).toBe(0)
  })

  test('an outage fails nobody: three logins find out, or those that were under way', () => {
    expect(value('outage-failed')).toBe(0)
    expect(value('outage-logins-that-wait')).toBe(3)
    expect(value('outage-logins-that-wait-40-at-once')).toBeGreaterThanOrEqual(40)
    expect(value('outage-logins-that-wait-40-at-once')).toBeLessThan(80)
  })

  test('a thousand first logins take one token, and the naive Action a thousand', () => {
    expect(value('tokens')).toBe(1)
    expect(value('tokens-of-naive')).toBe(1_000)
  })

  // The document is written by hand of an operator, on a quiet machine: `npm run bench -- --write`.
  const written = 'docs/performance.md'
  test.runIf(existsSync(written))(`${written} has every figure that has a reach`, () => {
    const document = readFileSync(written, 'utf8')
    for (const { name, reach } of report.figures) {
      if (reach !== undefined) expect(document).toContain(`\n| ${name} | `)
    }
  })
})

test('bench: --only measures that section and no other', async () => {
  const { stdout } = await bench('--quick', '--only', 'size', '--json')
  const { figures } = JSON.parse(stdout) as Report
  expect(new Set(figures.map(({ section }) => section))).toEqual(new Set(['size']))
})

test('bench: --help explains itself, and names every section', async () => {
  const { status, stdout } = await bench('--help')
  expect(status).toBe(0)
  for (const { name } of sections) expect(stdout).toContain(name)
})

test.each([
  ['no rounds', ['--rounds', '0'], '--rounds takes'],
  ['rounds that are no number', ['--rounds', 'many'], '--rounds takes'],
  ['a seed that is no number', ['--seed', '-'], '--seed'],
  ['a section that does not exist', ['--only', 'speed'], 'no section speed'],
  ['a document of a part', ['--write', '--only', 'size'], '--write needs everything'],
  ['a document of a quick run', ['--write', '--quick'], '--write needs everything'],
  ['an option that does not exist', ['--fast'], '--fast'],
  ['an argument', ['all'], 'all'],
])('bench: %s is misuse, said with the usage', async (_, args, message) => {
  const { status, stderr, stdout } = await bench(...args)
  expect(status).toBe(2)
  expect(stderr.split('\n')[0]).toContain(message)
  expect(stderr).toContain('Usage: npm run bench')
  expect(stdout).toBe('')
})
