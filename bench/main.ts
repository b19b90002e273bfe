import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleSize } from './bundle-size.ts'
import { type BundleCopies, copyBundles } from './bundles.ts'
import { evaluation } from './evaluation.ts'
import { holds } from './figure.ts'
import { hotPathCalls } from './hot-path-calls.ts'
import { hotPathGarbage } from './hot-path-garbage.ts'
import { hotPathTime } from './hot-path-time.ts'
import { type Section, sectionText } from './report.ts'

const usage = `Usage: npm run bench -- [--rounds N] [--json]

Builds the kit and measures what it promises about speed, on this machine and without network: what
the four Actions take at a login of a user who is done, and what their bundles add to a cold start.
The rival of the same run is an empty Action; read the ratios, not the times.

  --rounds N   rounds in which everything takes its turn (default: 9, from 1 to 99); a round
               evaluates each bundle five times
  --json       print { machine, rounds, seconds, figures: [{ name, value, unit, … }] }, for machines
  --help       print this

Exit status: 0 every reach holds, 1 one is missed or nothing could be measured, 2 the command line
was wrong.`

const root = fileURLToPath(new URL('../', import.meta.url))
const machine = {
  node: process.version,
  cores: availableParallelism(),
  platform: `${process.platform}-${process.arch}`,
}

const options = readOptions()
if (options.help) console.log(usage)
else process.exitCode = await run()

function readOptions() {
  const flag = { type: 'boolean', default: false } as const
  try {
    const { values } = parseArgs({
      options: { rounds: { type: 'string', default: '9' }, json: flag, help: flag },
    })
    const rounds = /^[1-9]\d?$/.test(values.rounds) ? Number(values.rounds) : null
    if (rounds === null) throw new Error('--rounds takes a whole number from 1 to 99')
    return { ...values, rounds }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

async function run(): Promise<0 | 1> {
  const startedAt = performance.now()
  const copies = await copyBundles(root)
  if ('problems' in copies) {
    for (const { subject, message } of copies.problems) console.error(`${subject} ${message}`)
    return 1
  }
  const { node, cores, platform } = machine
  say(`Node ${node}, ${cores} cores, ${platform}, ${options.rounds} rounds\n`)
  try {
    const figures = (await measureAll(copies, options.rounds)).flatMap((section) => section.figures)
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    const missed = figures.filter((figure) => !holds(figure)).map(({ name }) => name)
    if (options.json) {
      const rows = figures.map((figure) => ({ ...figure, holds: holds(figure) }))
      console.log(JSON.stringify({ machine, rounds: options.rounds, seconds, figures: rows }))
    }
    say(
      missed.length === 0 ? `Every reach holds, in ${seconds} s.` : `Missed: ${missed.join(', ')}`,
    )
    return missed.length === 0 ? 0 : 1
  } finally {
    copies.remove()
  }
}

async function measureAll(copies: BundleCopies, rounds: number): Promise<readonly Section[]> {
  const sections: Section[] = []
  const show = (title: string, note: string, figures: Section['figures']) => {
    sections.push({ title, note, figures })
    say(sectionText({ title, note, figures }))
  }
  show('Hot path', 'The flow of the four Actions for a user who is done.', [
    ...(await hotPathCalls(copies)),
    ...(await hotPathTime(copies, rounds)),
    ...(await hotPathGarbage(copies, rounds)),
  ])
  show(
    'Cold start',
    'Each bundle as published, evaluated in a new process; unrun: only read, not run.',
    await evaluation(copies, rounds * 5),
  )
  show(
    'Size',
    'The reach is for minified code; what is published is the readable form.',
    bundleSize(copies),
  )
  return sections
}

function say(text: string): void {
  if (!options.json) console.log(text)
}
