import type { Figure } from './figure.ts'
import { compete, naive, type Turn } from './logins/contest.ts'
import { ratio } from './rounds.ts'
import type { Bench } from './section.ts'
import { median, percentile99 } from './statistics.ts'

/** Milliseconds that an answer takes which is not late. */
const delay = 20

/** Logins at once. */
const atOnce = 40

/** Each attempt meets a fault of its own. */
export function independentFaults(bench: Bench): Promise<readonly Figure[]> {
  return underFaults('faults', 0, { p99: 0.2, unmigrated: 0.2 }, bench)
}

/** What went wrong goes wrong again, half of the time. */
export function correlatedFaults(bench: Bench): Promise<readonly Figure[]> {
  return underFaults('correlated-faults', 0.5, { p99: 0.3 }, bench)
}

interface Reach {
  /** Of the rival's. */
  readonly p99: number
  /** Percent after one login; and after the next nobody. */
  readonly unmigrated?: number
}

async function underFaults(
  name: string,
  correlation: number,
  reach: Reach,
  bench: Bench,
): Promise<readonly Figure[]> {
  const faults = { seed: bench.seed, refused: 0.01, late: 0.05, lateBy: 3_000, correlation }
  const contest = {
    contestants: [
      { name: 'flow', target: bench.copies.flow },
      { name: 'naive', target: naive },
    ],
    behaviour: { delay, faults },
    job: { who: 'interrupted' as const, logins: bench.quick ? 200 : 2_000, atOnce },
    rounds: bench.quick ? 1 : 5,
  }
  return compete(contest, bench, async (of) => {
    const flow = of('flow')
    // Users come back one by one; their next login meets faults too.
    const next = await flow.logIn(
      { who: 'unmigrated', atOnce: 1 },
      { delay, faults: { ...faults, seed: bench.seed + 1 } },
    )
    return [
      ...figuresOf(name, reach, flow.turns, of('naive').turns),
      {
        name: `${name}-unmigrated-after-the-next`,
        value: next.report.unmigrated,
        unit: 'users',
        ...(reach.unmigrated !== undefined && { reach: 0 }),
      },
    ]
  })
}

function figuresOf(
  name: string,
  reach: Reach,
  flow: readonly Turn[],
  rival: readonly Turn[],
): readonly Figure[] {
  const worst = (turns: readonly Turn[]) => percentile99(milliseconds(turns))
  const tails = (turns: readonly Turn[]) =>
    turns.map(({ report }) => percentile99(report.milliseconds))
  return [
    { name: `${name}-failed`, ...share('failed', flow), reach: 0 },
    {
      name: `${name}-p99`,
      ...ratio(tails(flow), tails(rival)),
      unit: 'x naive',
      reach: reach.p99,
    },
    {
      name: `${name}-unmigrated`,
      ...share('unmigrated', flow),
      ...(reach.unmigrated !== undefined && { reach: reach.unmigrated }),
    },
    { name: `${name}-without-their-metadata`, ...share('incomplete', flow), reach: 0 },
    { name: `${name}-p50-of-flow`, value: median(milliseconds(flow)), unit: 'ms' },
    { name: `${name}-p99-of-flow`, value: worst(flow), unit: 'ms' },
    { name: `${name}-failed-of-naive`, ...share('failed', rival) },
    { name: `${name}-unmigrated-of-naive`, ...share('unmigrated', rival) },
    { name: `${name}-p50-of-naive`, value: median(milliseconds(rival)), unit: 'ms' },
    { name: `${name}-p99-of-naive`, value: worst(rival), unit: 'ms' },
  ]
}

function milliseconds(turns: readonly Turn[]): readonly number[] {
  return turns.flatMap(({ report }) => report.milliseconds)
}

function share(what: 'failed' | 'unmigrated' | 'incomplete', turns: readonly Turn[]) {
  const count = turns.reduce((sum, { report }) => sum + report[what], 0)
  return { value: (100 * count) / milliseconds(turns).length, unit: '% of the logins' }
}
