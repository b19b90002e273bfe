import { fileURLToPath } from 'node:url'
import { runInChild } from '../child-process.ts'
import type { Figure } from '../figure.ts'
import type { Bench } from '../section.ts'
import { median, quartiles } from '../statistics.ts'
import type { FlowReport } from './run-flows.ts'

const program = fileURLToPath(new URL('./run-flows.ts', import.meta.url))

/** Whether instances keep their module state from one login to the next. */
const containers = ['warm', 'fresh'] as const

/** Microseconds of a flow: 10,000 a second. */
const reach = 100

/** What the four Actions take in the harness for unit tests, each round in new processes. */
export async function flowsInProcess({
  copies,
  rounds,
  quick,
  progress,
}: Bench): Promise<readonly Figure[]> {
  const milliseconds = quick ? 50 : 800
  const reports = { warm: [] as FlowReport[], fresh: [] as FlowReport[] }
  for (let round = 0; round < rounds; round += 1) {
    progress(`flows in process, round ${round + 1} of ${rounds}`)
    const turns = round % 2 === 0 ? containers : containers.toReversed()
    for (const container of turns) {
      const args = [program, container, String(milliseconds), ...copies.flow.files]
      reports[container].push((await runInChild(args)) as FlowReport)
    }
  }
  return [...figuresOf('warm', reports.warm), ...figuresOf('fresh', reports.fresh)]
}

function figuresOf(
  container: (typeof containers)[number],
  reports: readonly FlowReport[],
): readonly Figure[] {
  const times = reports.map(({ microseconds }) => microseconds)
  const rates = times.map((microseconds) => 1e6 / microseconds)
  const work = reports.map((report) => report.processorMicroseconds)
  const sum = (of: 'failed' | 'flows') => reports.reduce((total, one) => total + one[of], 0)
  const name = `${container}-flow`
  return [
    { name: `${name}-time`, value: median(times), quartiles: quartiles(times), unit: 'µs', reach },
    // Where it is much less, the machine was busy with something else.
    { name: `${name}-processor-time`, value: median(work), quartiles: quartiles(work), unit: 'µs' },
    { name: `${name}s`, value: median(rates), quartiles: quartiles(rates), unit: 'a second' },
    { name: `${name}s-measured`, value: sum('flows'), unit: 'flows' },
    { name: `${name}s-failed`, value: sum('failed'), unit: 'flows', reach: 0 },
  ]
}
