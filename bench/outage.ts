import type { Figure } from './figure.ts'
import { type LegacySide, startLegacySide } from './legacy-side/start.ts'
import type { JobReport, UserState } from './logins/job.ts'
import { startInstance } from './logins/start.ts'
import { ratio } from './rounds.ts'
import type { Bench } from './section.ts'
import { median, quartiles } from './statistics.ts'

const logins = 1_000

/** Milliseconds. No login takes that long that asks nobody. */
const wait = 100

/** What users who still need the legacy API pay for its being gone: requests are taken, not answered. */
export async function outage(bench: Bench): Promise<readonly Figure[]> {
  const side = await startLegacySide()
  try {
    // Each round waits for the budgets of the logins that find out. Even, so that both begin as often.
    const rounds = bench.quick ? 2 : 4
    const oneByOne: Outage[] = []
    while (oneByOne.length < rounds) {
      bench.progress(`round ${oneByOne.length + 1} of ${rounds}`)
      oneByOne.push(await logInDuringOutage(bench, side, 1, oneByOne.length % 2 === 0))
    }
    bench.progress('40 at once')
    const { gone: crowd } = await logInDuringOutage(bench, side, 40, true)
    return figuresOf(oneByOne, crowd)
  } finally {
    await side.stop()
  }
}

interface Outage {
  /** Logins of users who are done: hot ones. */
  readonly hot: JobReport
  /** Of users who are not, while the legacy API is gone. */
  readonly gone: JobReport
}

/** @param hotFirst Whoever comes second finds more code compiled. */
async function logInDuringOutage(
  { copies }: Bench,
  side: LegacySide,
  atOnce: number,
  hotFirst: boolean,
): Promise<Outage> {
  const instance = await startInstance({ target: copies.flow, addresses: side.addresses })
  const logIn = (who: UserState, count: number) => instance.logIn({ who, logins: count, atOnce })
  const logInGone = async () => {
    await side.behave({ delay: 0, gone: true })
    return logIn('interrupted', logins)
  }
  try {
    await side.behave({ delay: 0 })
    await logIn('interrupted', 40)
    if (!hotFirst) return { gone: await logInGone(), hot: await logIn('done', logins) }
    return { hot: await logIn('done', logins), gone: await logInGone() }
  } finally {
    await instance.stop()
  }
}

function figuresOf(oneByOne: readonly Outage[], crowd: JobReport): readonly Figure[] {
  const gone = oneByOne.map((round) => round.gone)
  const microseconds = (reports: readonly JobReport[]) =>
    reports.map((report) => 1_000 * median(report.milliseconds))
  const hot = microseconds(oneByOne.map((round) => round.hot))
  const all = [...gone, crowd]
  const unit = 'logins of 1,000'
  return [
    { name: 'outage-failed', value: Math.max(...all.map(({ failed }) => failed)), unit, reach: 0 },
    {
      name: 'outage-median-login',
      ...ratio(microseconds(gone), hot),
      unit: 'x hot login',
      reach: 2,
    },
    { name: 'outage-hot-login', value: median(hot), quartiles: quartiles(hot), unit: 'us' },
    { name: 'outage-logins-that-wait', value: Math.max(...gone.map(waiting)), unit, reach: 3 },
    { name: 'outage-logins-that-wait-40-at-once', value: waiting(crowd), unit },
  ]
}

function waiting({ milliseconds }: JobReport): number {
  return milliseconds.filter((took) => took > wait).length
}
