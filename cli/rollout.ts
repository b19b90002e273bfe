import { limitsOf, type Plan } from '../servers/tenant/rate-limit-plans.ts'
import type { Command } from './command.ts'
import { misused, parseCommandLine } from './command-line.ts'
import { toText } from './rollout/text.ts'
import { type Adoption, wavesOf, writeLimitOf, writesPerHour } from './rollout/waves.ts'

const plans = Object.keys(limitsOf) as readonly Plan[]

const usage = `Usage: npx migration rollout --users N --logins-per-day N --plan PLAN [--busiest-hour PERCENT]
       [--share PERCENT] [--json]

On a tenant that has users already, the first login of each after publishing writes the profile once,
and Auth0 counts that against the plan's limit for writing users. This works out in which steps to raise
rollout in migration.config.ts so that the busiest hour stays within a share of the limit. It asks
nobody and changes nothing.

  --users N                users whom the tenant had before the kit came
  --logins-per-day N       their logins, also by refresh token and silent ones: Actions run at each
  --plan PLAN              ${plans.join(', ')}
  --busiest-hour PERCENT   of a day's logins (default: 10)
  --share PERCENT          of the limit for first logins (default: 50: the busiest minute of that hour
                           may have twice the usual, and others write as well)
  --json                   print { plan, limit: { writesPerHour, atOnce }, share, waves: [{ day,
                           rollout, users, writesInBusiestHour, ofLimit }] }

Exit status: 0 everybody can be let in, 1 the plan's limit is too low for that, 2 the command line was
wrong.`

const text = { type: 'string' } as const
const options = {
  users: text,
  'logins-per-day': text,
  plan: text,
  'busiest-hour': { type: 'string', default: '10' },
  share: { type: 'string', default: '50' },
  json: { type: 'boolean', default: false },
} as const

export const rolloutCommand: Command = {
  usage,
  async run(args) {
    const { values } = parseCommandLine({ args, options }, usage)
    const adoption: Adoption = {
      users: wholeNumber('users', values.users),
      loginsPerDay: wholeNumber('logins-per-day', values['logins-per-day']),
      plan: planOf(values.plan),
      busiestHour: percentage('busiest-hour', values['busiest-hour']),
      share: percentage('share', values.share),
    }
    const waves = wavesOf(adoption)
    const limit = writeLimitOf(adoption.plan)
    const { plan, share } = adoption
    const found = { writesPerHour: writesPerHour(limit), atOnce: limit.size }
    return {
      exitStatus: waves.at(-1)?.rollout === 100 ? 0 : 1,
      found: { plan, limit: found, share, waves },
      text: toText(adoption, waves),
    }
  },
}

/** @throws {CommandError} `command_line_invalid`. */
function wholeNumber(name: string, value: string | undefined): number {
  const digits = value?.replaceAll(/[,_]/g, '') ?? ''
  if (/^[1-9]\d{0,11}$/.test(digits)) return Number(digits)
  throw misused(`--${name} takes a whole number from 1 on.`, usage)
}

function percentage(name: string, value: string): number {
  const number = /^\d{1,3}(\.\d+)?$/.test(value) ? Number(value) : 0
  if (number > 0 && number <= 100) return number / 100
  throw misused(`--${name} takes a percentage, above 0 and at most 100.`, usage)
}

function planOf(value: string | undefined): Plan {
  const plan = plans.find((one) => one === value)
  if (plan !== undefined) return plan
  throw misused(`--plan takes one of: ${plans.join(', ')}.`, usage)
}
