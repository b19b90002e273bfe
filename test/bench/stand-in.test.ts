import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type BundleCopies, copyBundles } from '../../bench/bundles.ts'
import { type Figure, holds } from '../../bench/figure.ts'
import { openVisitors } from '../../bench/stand-in/log-in.ts'
import { passwordLogins } from '../../bench/stand-in/password-logins.ts'
import { startStandIn } from '../../bench/stand-in/start-tenant.ts'

interface Report {
  readonly figures: readonly (Figure & { readonly holds: boolean; readonly section: string })[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))

// Times are never asserted: whoever else uses this machine would decide whether the test passes.
describe('bench stand-in: a quick look', () => {
  const args = ['bench/main.ts', '--only', 'stand-in', '--quick', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const { figures } = JSON.parse(stdout) as Report
  const named = new Map(figures.map((figure) => [figure.name, figure]))

  test('every figure has a name of its own, a unit and a value that was measured', () => {
    expect(named.size).toBe(figures.length)
    for (const { name, section, unit, value } of figures) {
      expect(section).toBe('stand-in')
      expect(name).toMatch(/^[a-z-]+$/)
      expect(unit).not.toBe('')
      expect(Number.isFinite(value) && value >= 0, name).toBe(true)
    }
  })

  test('every login ended in tokens that carry what the Actions set', () => {
    expect(named.get('password-logins-made')).toMatchObject({ value: 60 })
    expect(named.get('password-logins-failed')).toMatchObject({ value: 0, reach: 0, holds: true })
  })

  test.each(['warm', 'fresh'])('every %s flow ended with the claims and no write', (container) => {
    expect(named.get(`${container}-flows-measured`)?.value).toBeGreaterThanOrEqual(64)
    expect(named.get(`${container}-flows-failed`)).toMatchObject({
      value: 0,
      reach: 0,
      holds: true,
    })
  })

  test('nothing is said about a simulator that was not there', () => {
    expect(figures.filter(({ name, unit }) => /simulator/.test(name + unit))).toEqual([])
    expect(stderr).not.toContain('npm')
  })

  test('the exit status is 0 when every reach holds, and else 1', () => {
    expect(status).toBe(figures.every(holds) ? 0 : 1)
  })
})

describe('bench stand-in: what counts', () => {
  let copies: BundleCopies
  beforeAll(async () => {
    const made = await copyBundles(root)
    if ('problems' in made) throw new Error(made.problems.map(({ message }) => message).join())
    copies = made
  })
  afterAll(() => copies.remove())
  afterEach(() => vi.unstubAllEnvs())

  test('a login whose Actions did not all run counts as failed', async () => {
    const withoutClaims = { name: 'flow', files: copies.flow.files.slice(0, -1) }
    const server = await startStandIn({ flow: withoutClaims })
    const visitors = openVisitors(server)
    try {
      expect(await visitors.logIn(12)).toMatchObject({ logins: 12, failed: 12 })
    } finally {
      await visitors.leave()
      await server.stop()
    }
  })

  test('a login that is refused counts as failed', async () => {
    const server = await startStandIn(copies)
    const requests = server.requests.map((request) => ({ ...request, password: 'wrong' }))
    const visitors = openVisitors({ ...server, requests })
    try {
      expect(await visitors.logIn(12)).toMatchObject({ logins: 12, failed: 12 })
    } finally {
      await visitors.leave()
      await server.stop()
    }
  })

  test('without npm or its registry nothing is compared, and the reach does not hold', async () => {
    vi.stubEnv('PATH', '')
    const told: string[] = []
    const progress = (text: string) => told.push(text)
    const figures = await passwordLogins({ copies, rounds: 1, seed: 1, quick: false, progress })
    expect(figures.map(({ name }) => name)).toEqual(['password-login-time'])
    expect(figures.some(holds)).toBe(false)
    expect(told.at(-1)).toMatch(/NOT MEASURED.*npm registry/)
  })
})
