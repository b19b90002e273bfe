import type { BundleCopies } from './bundles.ts'
import type { Figure } from './figure.ts'
import { measureInTurn } from './rounds.ts'
import { runActions } from './run-in-child.ts'
import { median } from './statistics.ts'

/** Megabytes of young generation. What the logins of a measurement leave behind has room in it. */
const youngGeneration = 256

/** What the flow leaves for V8 to collect for a user who is done, promises of the calls included. */
export async function hotPathGarbage(
  { empty, emptyFlow, flow }: BundleCopies,
  rounds: number,
): Promise<readonly Figure[]> {
  const options = ['min', 'max'].map((end) => `--${end}-semi-space-size=${youngGeneration}`)
  // Bytes differ little from process to process: three show the one that is off.
  const bytes = await measureInTurn(
    [empty, emptyFlow, flow],
    Math.min(rounds, 3),
    async (target) => {
      const { value } = await runActions('garbage', target, ['--expose-gc', ...options])
      return value
    },
  )
  const figure = (name: string, target: string) => ({
    name,
    value: median(bytes.get(target) ?? []),
    unit: 'bytes a login',
  })
  return [
    { ...figure('hot-path-garbage', flow.name), reach: 1_500 },
    figure('hot-path-garbage-of-four-empty-actions', emptyFlow.name),
    figure('hot-path-garbage-of-one-empty-action', empty.name),
  ]
}
