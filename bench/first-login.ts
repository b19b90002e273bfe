import type { Figure } from './figure.ts'
import { compete, naive, type Result, type Turn } from './logins/contest.ts'
import type { UserState } from './logins/job.ts'
import { ratio } from './rounds.ts'
import type { Bench } from './section.ts'
import { median, quartiles } from './statistics.ts'

interface Circumstances {
  /** The figures' names begin with it. */
  readonly name: string
  readonly who: UserState
  readonly far: boolean
  /** Milliseconds that each answer takes. */
  readonly delay: number
  /** The most requests a login. */
  readonly requests: number
  /** Of the rival's median. */
  readonly share?: number
  /** The most connections a login. */
  readonly connections?: number
}

/** An ordinary first login: the script has brought the metadata along, the mark is missing. */
export function ordinaryFirstLogin(bench: Bench): Promise<readonly Figure[]> {
  const name = 'ordinary-first-login'
  return firstLogin({ name, who: 'arrived', far: false, delay: 20, requests: 1 }, bench)
}

/** A first login whose metadata were lost: they are read, and the mark is sent. */
export function interruptedFirstLogin(bench: Bench): Promise<readonly Figure[]> {
  const name = 'interrupted-first-login'
  const reach = { requests: 2, share: 0.64 }
  return firstLogin({ name, who: 'interrupted', far: false, delay: 20, ...reach }, bench)
}

/** The same over TLS 1.3 and a network. */
export function farFirstLogin(bench: Bench): Promise<readonly Figure[]> {
  const name = 'far-first-login'
  const reach = { requests: 2, share: 0.27, connections: 0.02 }
  return firstLogin({ name, who: 'interrupted', far: true, delay: 5, ...reach }, bench)
}

async function firstLogin(it: Circumstances, bench: Bench): Promise<readonly Figure[]> {
  const contest = {
    contestants: [
      { name: 'flow', target: bench.copies.flow },
      { name: 'naive-new', target: naive, newConnections: true },
      { name: 'naive-kept', target: naive },
    ],
    far: it.far,
    behaviour: { delay: it.delay },
    job: { who: it.who, logins: bench.quick ? 20 : 60, atOnce: 4 },
    rounds: bench.rounds,
  }
  return compete(contest, bench, (of) => {
    for (const { name } of contest.contestants) expectFaultless(name, of(name).turns)
    return figuresOf(it, of('flow'), of('naive-new').turns, of('naive-kept').turns)
  })
}

function figuresOf(
  { name, requests, share, connections }: Circumstances,
  { warmUp, turns: flow }: Result,
  fresh: readonly Turn[],
  kept: readonly Turn[],
): readonly Figure[] {
  const requestsOf = (turns: readonly Turn[]) => ({
    value: perLogin('requests', turns),
    unit: 'requests a login',
  })
  const compared = (rival: readonly Turn[]) => ratio(medians(flow), medians(rival))
  return [
    { name: `${name}-requests`, ...requestsOf(flow), reach: requests },
    {
      name: `${name}-connections`,
      // Most are opened by the first logins of an instance.
      value: perLogin('connections', [warmUp, ...flow]),
      unit: 'connections a login',
      ...(connections !== undefined && { reach: connections }),
    },
    {
      name: `${name}-p50`,
      ...compared(fresh),
      unit: 'x naive, new connections',
      ...(share !== undefined && { reach: share }),
    },
    { name: `${name}-p50-kept`, ...compared(kept), unit: 'x naive, kept connections' },
    { name: `${name}-requests-of-naive`, ...requestsOf(kept) },
    { name: `${name}-p50-of-flow`, ...milliseconds(flow) },
    { name: `${name}-p50-of-naive-new`, ...milliseconds(fresh) },
    { name: `${name}-p50-of-naive-kept`, ...milliseconds(kept) },
  ]
}

/** @throws when a login failed, or a user is not migrated: then no other figure means anything. */
function expectFaultless(name: string, turns: readonly Turn[]): void {
  for (const { report } of turns) {
    const { failed, unmigrated, incomplete } = report
    if (failed + unmigrated + incomplete === 0) continue
    const did = `${failed} failed, ${unmigrated} unmigrated, ${incomplete} without their metadata`
    throw new Error(`${name}: ${did}, and nothing was wrong with the legacy API`)
  }
}

function perLogin(what: 'requests' | 'connections', turns: readonly Turn[]): number {
  const logins = turns.reduce((sum, { report }) => sum + report.milliseconds.length, 0)
  return turns.reduce((sum, { traffic }) => sum + traffic[what], 0) / logins
}

/** One of each round. */
function medians(turns: readonly Turn[]): readonly number[] {
  return turns.map(({ report }) => median(report.milliseconds))
}

function milliseconds(turns: readonly Turn[]) {
  const values = medians(turns)
  return { value: median(values), quartiles: quartiles(values), unit: 'ms' }
}
