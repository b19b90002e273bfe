import type { Figure } from '../figure.ts'
import { ratio } from '../rounds.ts'
import type { Bench } from '../section.ts'
import { median, quartiles } from '../statistics.ts'
import { type InstalledSimulator, installSimulator } from './install-simulator.ts'
import { type Load, openVisitors } from './log-in.ts'
import type { LoginServer } from './login-server.ts'
import { startSimulator } from './start-simulator.ts'
import { startStandIn } from './start-tenant.ts'

/** Of one round. */
interface Turn {
  readonly warmUp: Load
  readonly measured: Load
}

interface Contestant {
  readonly name: 'stand-in' | 'simulator'
  readonly start: () => Promise<LoginServer>
  readonly turns: Turn[]
}

/**
 * Of the time that a login takes the rival: at least twice as many logins.
 * Each makes the same: an ID token, an access token and a refresh token.
 */
const reach = 0.5

/** Password logins over TLS, ours against the simulator's. A quick look leaves the simulator out. */
export async function passwordLogins(bench: Bench): Promise<readonly Figure[]> {
  if (bench.quick) return standInFigures(await compete(bench, null))
  bench.progress('npm installs the simulator')
  const installed = await installSimulator()
  if (installed === null) {
    bench.progress('NOT MEASURED: npm cannot install the simulator; it needs the npm registry')
    return [notMeasured]
  }
  try {
    const contestants = await compete(bench, installed)
    return [...comparison(contestants), ...standInFigures(contestants)]
  } finally {
    installed.remove()
  }
}

/** A figure that no reach holds for. */
const notMeasured: Figure = {
  name: 'password-login-time',
  value: Number.NaN,
  unit: 'x simulator (not measured: no npm registry)',
  reach,
}

/** Each round in new processes, one server at a time: the simulator keeps every request in memory. */
async function compete(bench: Bench, installed: InstalledSimulator | null) {
  const { copies, rounds, progress } = bench
  const standIn: Contestant = { name: 'stand-in', start: () => startStandIn(copies), turns: [] }
  const simulator: Contestant[] =
    installed === null
      ? []
      : [{ name: 'simulator', start: () => startSimulator(installed), turns: [] }]
  const all = [standIn, ...simulator]
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, start, turns } of round % 2 === 0 ? all : all.toReversed()) {
      progress(`password logins, ${name}, round ${round + 1} of ${rounds}`)
      turns.push(await takeTurn(await start(), bench))
    }
  }
  return all
}

async function takeTurn(server: LoginServer, { quick }: Bench): Promise<Turn> {
  const visitors = openVisitors(server)
  try {
    // Connections are open and code is compiled by then.
    const warmUp = await visitors.logIn(quick ? 20 : 400)
    return { warmUp, measured: await visitors.logIn(quick ? 40 : 600) }
  } finally {
    await visitors.leave()
    await server.stop()
  }
}

function comparison(contestants: readonly Contestant[]): readonly Figure[] {
  const standIn = ratesOf(contestants, 'stand-in')
  const simulator = ratesOf(contestants, 'simulator')
  const unit = 'x simulator'
  return [
    // More a second is less time for each: the rates change places.
    { name: 'password-login-time', ...ratio(simulator, standIn), unit, reach },
    { name: 'password-logins', ...ratio(standIn, simulator), unit },
    { name: 'password-logins-of-simulator', ...rate(simulator) },
  ]
}

function standInFigures(contestants: readonly Contestant[]): readonly Figure[] {
  const loads = contestants.flatMap(({ turns }) => turns).flatMap((turn) => Object.values(turn))
  const sum = (of: 'failed' | 'logins') => loads.reduce((total, load: Load) => total + load[of], 0)
  return [
    { name: 'password-logins-of-stand-in', ...rate(ratesOf(contestants, 'stand-in')) },
    { name: 'password-logins-made', value: sum('logins'), unit: 'logins' },
    { name: 'password-logins-failed', value: sum('failed'), unit: 'logins', reach: 0 },
  ]
}

function ratesOf(contestants: readonly Contestant[], name: Contestant['name']) {
  const turns = contestants.find((contestant) => contestant.name === name)?.turns ?? []
  return turns.map(({ measured }) => measured.perSecond)
}

function rate(values: readonly number[]) {
  return { value: median(values), quartiles: quartiles(values), unit: 'a second' }
}
