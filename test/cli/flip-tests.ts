import { afterAll, expect, test } from 'vitest'
import { flips } from './flips.ts'
import { type ProbedTenant, startProbedTenant } from './probed-tenant.ts'

/**
 * Tests of every second flip: each asks all probes, and two files of them run side by side.
 *
 * @param first 0 or 1.
 */
export function testFlips(first: 0 | 1): void {
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

  const share = Object.entries(flips).filter((_, index) => index % 2 === first)

  test.concurrent.for(share)(
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
}
