import { fileURLToPath } from 'node:url'
import type { BundleCopies } from './bundles.ts'
import { runInChild } from './child-process.ts'
import type { Figure } from './figure.ts'
import { measureInTurn, ratio, type Target } from './rounds.ts'
import { median, quartiles } from './statistics.ts'

const program = fileURLToPath(new URL('./evaluate.cjs', import.meta.url))

/**
 * What each bundle adds to a cold start: its evaluation in a new process, readable as published. Most
 * of it is V8 reading the code once, whatever the code then does: that part is told too.
 */
export async function evaluation(
  { empty, actions, unrun }: BundleCopies,
  rounds: number,
): Promise<readonly Figure[]> {
  const times = await measureInTurn([empty, ...actions, ...unrun], rounds, evaluate)
  const base = times.get(empty.name) ?? []
  const figure = ({ name }: Target) => ({
    name: `evaluation-of-${name}`,
    ...ratio(times.get(name) ?? [], base),
    unit: 'x empty Action',
  })
  const microseconds = base.map((nanoseconds) => nanoseconds / 1_000)
  return [
    ...actions.map((action) => ({ ...figure(action), reach: 1.8 })),
    ...unrun.map(figure),
    {
      name: `evaluation-of-${empty.name}`,
      value: median(microseconds),
      quartiles: quartiles(microseconds),
      unit: 'us',
    },
  ]
}

/** @returns Nanoseconds. */
async function evaluate({ files }: Target): Promise<number> {
  return Number(await runInChild([program, ...files]))
}
