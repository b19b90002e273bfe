import { fileURLToPath } from 'node:url'
import type { BundleCopies } from './bundles.ts'
import { runInChild } from './child-process.ts'
import type { Figure } from './figure.ts'
import { measureInTurn, ratio, type Target } from './rounds.ts'
import { median, quartiles } from './statistics.ts'

const program = fileURLToPath(new URL('./evaluate.cjs', import.meta.url))

/** Against the same code that is read and not run: what the bundle does besides being long. */
const mostOverReading = 1.4

/**
 * Against an empty Action. V8 needs about 26 ns a character to read code it has not seen, minified or
 * not, which alone is over this from 6 kB on: to be told, and to be kept from growing.
 */
const aimOverEmpty = 1.8

/**
 * What each bundle adds to a cold start: its evaluation in a new process, readable as published. Most
 * of it is V8 reading the code once, whatever the code then does.
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
    ...actions.map((action) => ({ ...figure(action), aim: aimOverEmpty })),
    ...actions.map((action, index) => overReading(action, unrun[index] ?? action, times)),
    {
      name: `evaluation-of-${empty.name}`,
      value: median(microseconds),
      quartiles: quartiles(microseconds),
      unit: 'us',
    },
  ]
}

function overReading(
  { name }: Target,
  unrun: Target,
  times: ReadonlyMap<string, readonly number[]>,
): Figure {
  const { value, quartiles: half } = ratio(times.get(name) ?? [], times.get(unrun.name) ?? [])
  return {
    name: `evaluation-over-reading-of-${name}`,
    value,
    quartiles: half,
    unit: 'x the same code unrun',
    reach: mostOverReading,
  }
}

/** @returns Nanoseconds. */
async function evaluate({ files }: Target): Promise<number> {
  return Number(await runInChild([program, ...files]))
}
