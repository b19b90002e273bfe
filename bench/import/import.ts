import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { bundlePrepareThread } from '../../cli/import/packing/bundle-prepare-thread.ts'
import type { Figure } from '../figure.ts'
import { ratio } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { median, quartiles } from '../statistics.ts'
import { generateUsers } from './generate-users.ts'

const execute = promisify(execFile)
const program = fileURLToPath(new URL('./prepare-program.ts', import.meta.url))

/** Rounds take a quarter of a minute each: more would tell nothing new. */
const mostRounds = 3

/**
 * Users an hour, of two jobs at a time, on the plan that takes most.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
 */
const fastestPlan = 400_000

export const importSection: Section = {
  name: 'import',
  title: 'Bulk import',
  note: 'Reading, mapping, checking and packing a million generated users, some 600 MB of NDJSON, in a process of its own; the rival only cuts the same file into pieces of 500,000 bytes. Nothing is sent.',
  measure: measureImport,
}

interface Prepared {
  readonly users: number
  readonly files: number
  readonly largest: number
  readonly seconds: number
  readonly megabytes: number
}

async function measureImport({ rounds, seed, quick, progress }: Bench): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-import-'))
  try {
    const [many, few] = quick ? [20_000, 5_000] : [1_000_000, 100_000]
    const [large, small] = [join(folder, 'large.ndjson'), join(folder, 'small.ndjson')]
    progress('generates users')
    generateUsers(large, many, seed)
    generateUsers(small, few, seed)
    const programs = await bundlePrograms(folder)
    const turns: Turn[] = []
    for (let round = 0; round < Math.min(rounds, mostRounds); round += 1) {
      progress(`round ${round + 1}`)
      turns.push({
        split: await splitSeconds(large, folder),
        large: await prepare(programs, large, folder, many),
        small: await prepare(programs, small, folder, few),
      })
    }
    return figuresOf(turns)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Turn {
  readonly split: number
  readonly large: Prepared
  readonly small: Prepared
}

function figuresOf(turns: readonly Turn[]): readonly Figure[] {
  const seconds = turns.map(({ large }) => large.seconds)
  const times = ratio(
    seconds,
    turns.map(({ split }) => split),
  )
  const slowness = turns.map(({ large }) => fastestPlan / ((large.users / large.seconds) * 3_600))
  const memory = (name: 'large' | 'small') => turns.map((turn) => turn[name].megabytes)
  return [
    { name: 'import-against-split', ...times, unit: 'times split -C 500000', reach: 9 },
    { name: 'import-seconds', ...spread(seconds), unit: 's' },
    { name: 'import-peak-memory', ...spread(memory('large')), unit: 'MB', reach: 110 },
    { name: 'import-peak-memory-of-a-tenth', ...spread(memory('small')), unit: 'MB', reach: 110 },
    {
      name: 'import-hours-against-auth0',
      ...spread(slowness),
      unit: "times the time of Auth0's fastest plan",
      reach: 1 / 50,
    },
  ]
}

function spread(values: readonly number[]): Pick<Figure, 'quartiles' | 'value'> {
  return { value: median(values), quartiles: quartiles(values) }
}

interface Programs {
  readonly main: string
  readonly thread: string
}

async function bundlePrograms(folder: string): Promise<Programs> {
  const [main, thread] = [join(folder, 'prepare.mjs'), join(folder, 'thread.cjs')]
  // csv-parse and undici are CommonJS in parts, and ask for Node's modules by require.
  const banner = {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  }
  const options = { bundle: true, platform: 'node', format: 'esm', target: 'node22' } as const
  await build({ ...options, entryPoints: [program], outfile: main, banner, logLevel: 'silent' })
  writeFileSync(thread, await bundlePrepareThread())
  return { main, thread }
}

/** @throws {Error} When a user is missing or a file is too large: a wrong result has no time. */
async function prepare(
  { main, thread }: Programs,
  source: string,
  folder: string,
  expected: number,
): Promise<Prepared> {
  const { stdout } = await execute(process.execPath, [main, source, folder, thread], { env: {} })
  const prepared = JSON.parse(stdout) as Prepared
  if (prepared.users !== expected || prepared.largest > 500_000) {
    throw new Error(`the import packed ${prepared.users} of ${expected} users`)
  }
  return prepared
}

/** The whole process of `split`, whose pieces are removed again. */
async function splitSeconds(source: string, folder: string): Promise<number> {
  const pieces = mkdtempSync(join(folder, 'split-'))
  const startedAt = performance.now()
  await execute('split', ['-a', '4', '-C', '500000', source, join(pieces, 'x')], {
    env: process.env,
  })
  const seconds = (performance.now() - startedAt) / 1_000
  if (readdirSync(pieces).length === 0) throw new Error('split wrote nothing')
  rmSync(pieces, { recursive: true })
  return seconds
}
