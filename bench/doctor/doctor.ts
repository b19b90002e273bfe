import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Figure } from '../figure.ts'
import { ratio } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { median, quartiles } from '../statistics.ts'
import { generateExport, generateSources } from './generate-files.ts'

const execute = promisify(execFile)
const program = fileURLToPath(new URL('./run-doctor.ts', import.meta.url))

/** Rounds take a minute each: more would tell nothing new. */
const mostRounds = 3

/** What the doctor looks for in a file before it parses one, and what grep is asked for. */
const pattern = 'auth0|tokeninfo|change_?password|oauth/ro|api/v2'

export const doctorSection: Section = {
  name: 'doctor',
  title: 'Doctor',
  note: 'npx migration doctor over 100,000 files of source, one in fifty about Auth0, and over a directory export of 100,000 files; the rival is grep -rE over the same files for five words, which parses none of them. Memory is held against that for a tenth of the files.',
  measure,
}

const inputs = [
  {
    name: 'source',
    generate: generateSources,
    args: (folder: string) => ['--source', folder],
    memory: 1.1,
  },
  // The names of the files of one folder are held, so that they are read in order: here some 90,000.
  { name: 'export', generate: generateExport, args: (folder: string) => [folder], memory: 1.15 },
] as const

interface Run {
  readonly seconds: number
  readonly megabytes: number
  readonly findings: number
}

interface Turn {
  readonly many: Run
  readonly few: Run
  /** Seconds. */
  readonly grep: number
}

async function measure({ rounds, quick, progress }: Bench): Promise<readonly Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'bench-doctor-'))
  const files = quick ? 2_000 : 100_000
  try {
    const figures: Figure[] = []
    for (const { name, generate, args, memory } of inputs) {
      progress(`generates ${files} files of ${name}`)
      const [many, few] = [join(root, `${name}-many`), join(root, `${name}-few`)]
      generate(many, files)
      generate(few, files / 10)
      const turns: Turn[] = []
      for (let round = 0; round < Math.min(rounds, mostRounds); round += 1) {
        progress(`${name}, round ${round + 1}`)
        turns.push({
          grep: await grepSeconds(many),
          many: await runDoctor(args(many), files),
          few: await runDoctor(args(few), files / 10),
        })
      }
      figures.push(...figuresOf(name, turns, memory))
      for (const folder of [many, few]) rmSync(folder, { recursive: true })
    }
    return figures
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function figuresOf(name: string, turns: readonly Turn[], reach: number): readonly Figure[] {
  const of = (what: 'megabytes' | 'seconds', size: 'few' | 'many') =>
    turns.map((turn) => turn[size][what])
  const seconds = of('seconds', 'many')
  const times = ratio(
    seconds,
    turns.map(({ grep }) => grep),
  )
  const memory = ratio(of('megabytes', 'many'), of('megabytes', 'few'))
  return [
    { name: `doctor-${name}-memory`, ...memory, unit: 'x a tenth of the files', reach },
    { name: `doctor-${name}-peak-memory`, ...spread(of('megabytes', 'many')), unit: 'MB' },
    { name: `doctor-${name}-against-grep`, ...times, unit: 'x grep -rE', reach: 10 },
    { name: `doctor-${name}-seconds`, ...spread(seconds), unit: 's' },
  ]
}

function spread(values: readonly number[]): Pick<Figure, 'quartiles' | 'value'> {
  return { value: median(values), quartiles: quartiles(values) }
}

/** @throws {Error} When a finding is missing: a wrong result has no time. */
async function runDoctor(args: readonly string[], files: number): Promise<Run> {
  const { stdout } = await execute(process.execPath, [program, ...args], { env: {} })
  const run = JSON.parse(stdout) as Run
  const planted = Math.ceil(files / 500)
  if (run.findings !== planted) {
    throw new Error(`the doctor found ${run.findings} of ${planted}`)
  }
  return run
}

/** The whole process. It counts: a list of files would have to be read by somebody. */
async function grepSeconds(folder: string): Promise<number> {
  const startedAt = performance.now()
  const { stdout } = await execute('sh', ['-c', 'grep -rE "$0" "$1" | wc -l', pattern, folder], {
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  })
  if (!/\d/.test(stdout)) throw new Error('grep said nothing')
  return (performance.now() - startedAt) / 1_000
}
