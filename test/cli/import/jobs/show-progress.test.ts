import { expect, test } from 'vitest'
import { showProgress } from '../../../../cli/import/jobs/show-progress.ts'
import type { Step } from '../../../../cli/progress.ts'

test('progress: says the rate of this run, what the plan takes, and the time that is left', () => {
  const steps: Step[] = []
  const clock = { now: 0 }
  const progress = { report: (step: Step) => steps.push(step), end: () => undefined }
  const shown = showProgress({ now: () => clock.now, progress, total: 10_000 }, 4_000)
  clock.now = 60_000
  shown.add(3_000)
  expect(steps).toEqual([
    expect.objectContaining({ done: 4_000, total: 10_000 }),
    {
      ...{ what: 'imported', done: 7_000, total: 10_000, unit: 'users' },
      note: "50 a second, of 111 that Auth0's fastest plan takes, 1 min left",
    },
  ])
  clock.now = 120_000
  shown.add(3_000)
  expect(steps.at(-1)?.note).not.toContain('left')
})
