import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { Figure } from '../../bench/figure.ts'

interface Report {
  readonly machine: { readonly node: string; readonly cores: number }
  readonly rounds: number
  readonly seconds: number
  readonly figures: readonly (Figure & { readonly holds: boolean })[]
}

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, ['bench/main.ts', ...args], { encoding: 'utf8' })
}

// Times are never asserted: whoever else uses this machine would decide whether the test passes.
describe('bench: one round', () => {
  const { status, stdout } = bench('--rounds', '1', '--json')
  const report = JSON.parse(stdout) as Report
  const named = new Map(report.figures.map((figure) => [figure.name, figure]))

  test.each(['network-calls', 'metadata-writes', 'cache-calls'])(
    'a user who is done costs no %s',
    (what) => {
      expect(named.get(`hot-path-${what}`)).toMatchObject({ value: 0, reach: 0, holds: true })
    },
  )

  test('every figure has a name of its own, a unit and a value that was measured', () => {
    expect(named.size).toBe(report.figures.length)
    for (const { name, unit, value } of report.figures) {
      expect(name).toMatch(/^[a-z0-9-_/.]+$/)
      expect(unit).not.toBe('')
      expect(Number.isFinite(value) && value >= 0, name).toBe(true)
    }
  })

  test('time, garbage, evaluation and size of every Action are held against a reach', () => {
    const reached = report.figures
      .filter(({ reach }) => reach !== undefined)
      .map(({ name }) => name)
    const actions = [
      'protect-legacy-audience',
      'backfill-metadata',
      'mark-migrated',
      'copy-metadata',
    ]
    expect(reached).toEqual(
      expect.arrayContaining([
        'hot-path-time',
        'hot-path-garbage',
        ...actions.map((name) => `evaluation-over-reading-of-${name}`),
        ...actions.map((name) => `minified-size-of-actions/${name}.js`),
      ]),
    )
  })

  test('the exit status is 0 when every reach holds, and else 1', () => {
    for (const { name, value, reach, holds } of report.figures) {
      expect(holds, name).toBe(reach === undefined || value <= reach)
    }
    expect(status).toBe(report.figures.every(({ holds }) => holds) ? 0 : 1)
  })

  test('the machine is told', () => {
    expect(report.machine.node).toBe(process.version)
    expect(report.machine.cores).toBeGreaterThan(0)
    expect(report.rounds).toBe(1)
  })
})

test('bench: --help explains itself', () => {
  const { status, stdout } = bench('--help')
  expect(status).toBe(0)
  expect(stdout).toContain('--rounds')
})

test.each([
  ['no rounds', ['--rounds', '0']],
  ['rounds that are no number', ['--rounds', 'many']],
  ['an option that does not exist', ['--fast']],
  ['an argument', ['all']],
])('bench: %s is misuse, said with the usage', (_, args) => {
  const { status, stderr, stdout } = bench(...args)
  expect(status).toBe(2)
  expect(stderr).toContain('Usage: npm run bench')
  expect(stdout).toBe('')
})
