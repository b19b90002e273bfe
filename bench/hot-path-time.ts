import type { BundleCopies } from './bundles.ts'
import type { Figure } from './figure.ts'
import { measureInTurn, ratio } from './rounds.ts'
import { runActions } from './run-in-child.ts'
import { median, quartiles } from './statistics.ts'

/** What the flow takes for a user who is done, each round in fresh processes that stay warm. */
export async function hotPathTime(
  { empty, emptyFlow, flow }: BundleCopies,
  rounds: number,
): Promise<readonly Figure[]> {
  const times = await measureInTurn([empty, emptyFlow, flow], rounds, async (target) => {
    const { value } = await runActions('time', target)
    return value
  })
  const base = times.get(empty.name) ?? []
  const compared = (name: string) => ratio(times.get(name) ?? [], base)
  const unit = 'x empty Action'
  return [
    { name: 'hot-path-time', ...compared(flow.name), unit, reach: 12 },
    { name: 'hot-path-time-of-four-empty-actions', ...compared(emptyFlow.name), unit },
    {
      name: 'hot-path-time-of-one-empty-action',
      value: median(base),
      quartiles: quartiles(base),
      unit: 'ns',
    },
  ]
}
