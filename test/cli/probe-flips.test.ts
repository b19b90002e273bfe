import { afterAll, expect, test } from 'vitest'
import { probes } from '../../cli/probe/probes.ts'
import { flips } from './flips.ts'
import { type ProbedTenant, startProbedTenant } from './probed-tenant.ts'

const idle: ProbedTenant[] = []

afterAll(() => Promise.all(idle.map((tenant) => tenant.close())))

/** Each test has a tenant to itself, and hands it on. */
async function withTenant(work: (tenant: ProbedTenant) => Promise<void>): Promise<void> {
  const tenant = idle.pop() ?? (await startProbedTenant())
  try {
    await work(tenant)
  } finally {
    idle.push(tenant)
  }
}

test('probe: every probe has what turns it', () => {
  expect(Object.keys(flips).sort()).toEqual(probes.map(({ id }) => id).sort())
})

test.concurrent.for(Object.entries(flips))(
  'probe: %s alone does not hold where its assumption is false',
  { timeout: 120_000 },
  ([id, flip]) =>
    withTenant(async (tenant) => {
      const verdicts = await tenant.probe(flip)
      expect(verdicts.filter(({ verdict }) => verdict !== 'holds')).toEqual([
        { id, verdict: 'does-not-hold', evidence: expect.any(String) },
      ])
    }),
)
