import { fileURLToPath } from 'node:url'
import type { Behaviour, Traffic } from '../legacy-side/behaviour.ts'
import { type LegacySide, startLegacySide } from '../legacy-side/start.ts'
import type { Target } from '../rounds.ts'
import type { Bench } from '../section.ts'
import type { Job, JobReport } from './job.ts'
import { type Instance, type InstanceOptions, startInstance } from './start.ts'

/** The rival of every figure about logins that call somebody. */
export const naive: Target = {
  name: 'naive',
  files: [fileURLToPath(new URL('../rivals/axios-and-sdk.ts', import.meta.url))],
}

/** Who takes turns, by a name of its own. */
type Contestant = Omit<InstanceOptions, 'addresses' | 'far'> & { readonly name: string }

export interface Contest {
  readonly contestants: readonly Contestant[]
  /** True: everything is behind TLS and the network. */
  readonly far?: boolean
  readonly behaviour: Behaviour
  /** What each does in each of the rounds. */
  readonly job: Job
  readonly rounds: number
}

/** What one contestant did in one round. */
export interface Turn {
  readonly report: JobReport
  readonly traffic: Traffic
}

/** What one contestant did. */
export interface Result {
  /** Before anything is measured: connections are opened then, the token is requested. */
  readonly warmUp: Turn
  readonly turns: readonly Turn[]
}

/** Logins of the warm-up, for each that is made at once: V8 has compiled by then what they run. */
const first = 10

/**
 * Milliseconds that pass on the clock of the Actions before a turn. Whatever they took for an outage in
 * the turn before is forgotten after a minute.
 */
const later = 120_000

/**
 * Lets warm instances take turns, round after round, each time another one first. All of them meet the
 * same users and, where there are faults, the same faults.
 *
 * @param conclude What comes of the results, by contestant, before the instances are stopped.
 */
export async function compete<Conclusion>(
  contest: Contest,
  { progress }: Pick<Bench, 'progress'>,
  conclude: (of: (name: string) => Result & Contender) => Conclusion,
): Promise<Awaited<Conclusion>> {
  const { contestants, far = false, behaviour, job, rounds } = contest
  const side = await startLegacySide()
  const contenders: (Result & Contender & { readonly turns: Turn[] })[] = []
  try {
    for (const { name, ...options } of contestants) {
      const instance = await startInstance({ ...options, addresses: side.addresses, far })
      const calm = { delay: behaviour.delay }
      const logIn = takeTurns(instance, side)
      const warmUp = await logIn(
        { who: 'interrupted', logins: first * job.atOnce, atOnce: job.atOnce },
        calm,
      )
      contenders.push({ name, instance, logIn, warmUp, turns: [] })
    }
    for (let round = 0; round < rounds; round += 1) {
      const start = round % contenders.length
      for (const one of [...contenders.slice(start), ...contenders.slice(0, start)]) {
        progress(`${one.name}, round ${round + 1} of ${rounds}`)
        one.turns.push(await one.logIn(job, behaviour))
      }
    }
    return await conclude(named(contenders))
  } finally {
    await Promise.all(contenders.map(({ instance }) => instance.stop()))
    await side.stop()
  }
}

interface Contender {
  readonly name: string
  readonly instance: Instance
  readonly logIn: (job: Job, behaviour: Behaviour) => Promise<Turn>
}

/** Each turn begins a while later, with one login that finds the legacy API well. */
function takeTurns(instance: Instance, side: LegacySide): Contender['logIn'] {
  return async (job, behaviour) => {
    await side.behave({ delay: behaviour.delay })
    await instance.logIn({ who: 'interrupted', logins: 1, atOnce: 1, later })
    await side.behave(behaviour)
    const report = await instance.logIn(job)
    return { report, traffic: await side.traffic() }
  }
}

function named<One extends { readonly name: string }>(all: readonly One[]) {
  return (name: string): One => {
    const found = all.find((one) => one.name === name)
    if (found === undefined) throw new RangeError(`${name} takes no part`)
    return found
  }
}
