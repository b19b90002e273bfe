import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BundleCopies, copyBundles } from './bundles.ts'
import { holds } from './figure.ts'
import { thisMachine } from './machine.ts'
import { type Options, readOptions, usage } from './options.ts'
import { performanceDocument } from './performance-doc.ts'
import { sectionText } from './report.ts'
import type { Measured } from './section.ts'
import { sections } from './sections.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

const options = optionsOrExit()
if (options.help) console.log(usage)
else process.exitCode = await run(options)

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
    process.exit(2)
  }
}

async function run({ rounds, seed, quick, json, write }: Options): Promise<0 | 1> {
  const startedAt = performance.now()
  const machine = thisMachine()
  const copies = await copyBundles(root)
  if ('problems' in copies) {
    for (const { subject, message } of copies.problems) console.error(`${subject} ${message}`)
    return 1
  }
  const { node, cores, platform } = machine
  say(`Node ${node}, ${cores} cores, ${platform}, ${rounds} rounds, seed ${seed}\n`)
  try {
    const measured = await measureAll(copies)
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    const rows = measured.flatMap(({ name: section, figures }) =>
      figures.map((figure) => ({ section, ...figure, holds: holds(figure) })),
    )
    if (json) {
      console.log(JSON.stringify({ machine, rounds, seed, quick, seconds, figures: rows }))
    }
    if (write) {
      const day = new Date().toISOString().slice(0, 10)
      const document = performanceDocument({ machine, rounds, seed, seconds, day, measured })
      writeFileSync(`${root}docs/performance.md`, document)
    }
    const missed = rows.filter((row) => !row.holds).map(({ name }) => name)
    const verdict = `Missed: ${missed.join(', ')}`
    say(missed.length === 0 ? `Every reach holds, in ${seconds} s.` : verdict)
    return missed.length === 0 ? 0 : 1
  } finally {
    copies.remove()
  }
}

async function measureAll(copies: BundleCopies): Promise<readonly Measured[]> {
  const { only, rounds, seed, quick } = options
  const done: Measured[] = []
  for (const { name, title, note, measure, byNameOnly = false } of sections) {
    if (only.length > 0 ? !only.includes(name) : byNameOnly) continue
    const progress = (text: string) => console.error(`bench: ${name}: ${text}`)
    progress('begins')
    const figures = await measure({ copies, rounds, seed, quick, progress })
    done.push({ name, title, note, figures })
    say(sectionText({ name, title, note, figures }))
  }
  return done
}

function say(text: string): void {
  if (!options.json) console.log(text)
}
