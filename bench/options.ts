import { parseArgs } from 'node:util'
import { sections } from './sections.ts'

export const usage = `Usage: npm run bench -- [--only SECTION]... [--rounds N] [--seed N] [--quick] [--json] [--write]

Builds the kit and measures what it promises about speed, on this machine and on loopback only: what
the four Actions take at a login of a user who is done, what their bundles add to a cold start, and
what a first login costs whose legacy API is near, far, faulty or gone. The rivals of the same run are
an empty Action and bench/rivals/axios-and-sdk.ts; read the ratios, not the times. Takes about fifteen
minutes, most of them for the rival to wait for late answers; says on stderr how far it is.

The import section writes some 2 GB to the folder for temporary files, the doctor section 220,000 small
files; both remove them.

  --only SECTION   measure only this, may be given again:
                   ${wrapped(sections.map(({ name }) => name))}
                   stand-in is measured only where it is named: its rival comes from the npm registry
  --rounds N       rounds in which everything takes its turn (default: 9, from 1 to 99); a round
                   evaluates each bundle five times
  --seed N         seed of the faults (default: 1, from 0 to 999999999)
  --quick          one round and few logins: shows that it works, and no figure to rely on
  --json           print { machine, rounds, seed, quick, seconds, figures: [{ section, name, value,
                   unit, … }] }, for machines
  --write          write docs/performance.md; needs everything, so neither --only nor --quick
  --help           print this

Exit status: 0 every reach holds, 1 one is missed or nothing could be measured, 2 the command line
was wrong.`

export interface Options {
  readonly only: readonly string[]
  readonly rounds: number
  readonly seed: number
  readonly quick: boolean
  readonly json: boolean
  readonly write: boolean
  readonly help: boolean
}

/** @throws {Error} with a message for whoever wrote the command line. */
export function readOptions(args: readonly string[]): Options {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      quick: flag,
      json: flag,
      write: flag,
      help: flag,
    },
  })
  const { only, quick, write } = values
  const unknown = only.find((wanted) => !sections.some(({ name }) => name === wanted))
  if (unknown !== undefined) throw new Error(`--only knows no section ${unknown}`)
  if (write && (quick || only.length > 0)) {
    throw new Error('--write needs everything: leave out --only and --quick')
  }
  const rounds = values.rounds ?? (quick ? '1' : '9')
  if (!/^[1-9]\d?$/.test(rounds)) throw new Error('--rounds takes a whole number from 1 to 99')
  if (!/^\d{1,9}$/.test(values.seed)) {
    throw new Error('--seed takes a whole number from 0 to 999999999')
  }
  return { ...values, rounds: Number(rounds), seed: Number(values.seed) }
}

function wrapped(names: readonly string[]): string {
  const half = Math.ceil(names.length / 2)
  const lines = [names.slice(0, half), names.slice(half)]
  return lines.map((line) => line.join(', ')).join(`,\n${' '.repeat(19)}`)
}
