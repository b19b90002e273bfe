import type { MigrationConfig } from '../core/migration-config.ts'
import type { Auth0Tenant } from './auth0-tenant.ts'
import type { Command, CommandContext, CommandResult } from './command.ts'
import { confirm, misused, parseCommandLine } from './command-line.ts'
import { type Published, readPublished } from './life/published.ts'
import { countStuck, type Reason, reasonsAgainst } from './life/readiness.ts'
import { resetLinkLifetime } from './life/reset-links.ts'
import { isThere, runSwitch } from './life/run-switch.ts'
import {
  builtScripts,
  digestScripts,
  noOpScripts,
  noOpSlots,
  type Scripts,
  scriptAt,
} from './life/scripts.ts'
import { type Target, targetOf } from './life/target.ts'
import { readWaived } from './life/waived.ts'
import { loadProject } from './publish/project.ts'
import { connectMigrationSource, type MigrationSource } from './status/migration-source.ts'
import { grouped } from './status/numbers.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration complete [--waive ID]… [--waive-from FILE] [--allow-remaining N]
                              [--reset-link-lifetime SECONDS] [--dry-run] [--yes] [--take-over] [--json]

Ends the migration: the scripts of the connection become forms that find nobody, so that nothing calls
the legacy API or the old tenant any more, and it can be switched off. import_mode stays on, as Auth0
asks; the Actions have stopped calling out with the phase, protection and claims go on. npx migration
rollback takes it back.

It refuses unless
  - lazy logins have ended (npx migration phase complete), and every link to set a password that was
    sent before that has run out: 5 days, or longer where the tenant's mail says so;
  - every migrated user brought the metadata along, or is waived by id;
  - no more users are left than --allow-remaining says (default: 0).

  --waive ID         a legacy id that may stay without its metadata; as often as it takes
  --waive-from FILE  such ids, one a line, as npx migration status --list prints them
  --allow-remaining N
                     users who may be left: they get in by a new account only
  --reset-link-lifetime SECONDS
                     how long such a link is good, where you know better
  --dry-run          say whether it would, and change nothing
  --yes              do not ask before writing
  --take-over        take the tenant from a run that was killed on another machine
  --json             print { domain, complete, changed, reasons, remaining, waived }; the last two
                     unless it was complete already

Settings as for npx migration publish, and as for npx migration status. Scopes as for npx migration
phase, and read:email_templates.

Exit status: 0 the migration is over, with --dry-run it could be, 1 it is not; 2 the command line or a
setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  ...{ yes: flag, 'take-over': flag, json: flag, 'dry-run': flag },
  'allow-remaining': { type: 'string', default: '0' },
  'reset-link-lifetime': { type: 'string' },
  waive: { type: 'string', multiple: true },
  'waive-from': { type: 'string' },
} as const

interface Limits {
  readonly allowRemaining: number
  /** Seconds; null: as the tenant says. */
  readonly linkLifetime: number | null
  readonly waived: ReadonlySet<string>
}

export const completeCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const lifetime = values['reset-link-lifetime']
    const limits: Limits = {
      allowRemaining: numberOf('--allow-remaining', values['allow-remaining']),
      linkLifetime: lifetime === undefined ? null : numberOf('--reset-link-lifetime', lifetime),
      waived: readWaived(values.waive ?? [], values['waive-from'], context.cwd),
    }
    const tenant = tenantOfEnvironment(context)
    const project = await loadProject(context.cwd)
    const published = await readPublished(tenant)
    const target = await targetOf({ tenant, project, published, env: context.env }, 'complete')
    const scripts = noOpScripts(project)
    const { domain } = tenant
    if (published.record.phase === 'complete' && isThere({ target, scripts })) {
      return ended(domain, { changed: false, reasons: [], text: `${domain} is complete already.` })
    }
    const examination = { config: project.config, tenant, context, published, limits }
    const { reasons, remaining, source } = await examine(examination)
    const waived = limits.waived.size
    if (reasons.length > 0) return refused(domain, reasons, { remaining, waived })
    const left = remaining === 0 ? 'Nobody is left' : `${grouped(remaining)} users are left`
    if (values['dry-run']) {
      return ended(domain, {
        changed: false,
        reasons,
        remaining,
        waived,
        text: `${left}: it could be completed.`,
      })
    }
    if (!values.yes)
      await confirm(context, `${left}. Nobody migrates to ${domain} from now on.`, domain)
    const found = scriptsFound(target, builtScripts(project))
    const request = { command: 'complete', tenant, context, project, published, target } as const
    const takeOver = values['take-over']
    await runSwitch({ ...request, scripts, takeOver, ...found })
    const text = `${domain} is complete: the scripts of ${target.connection.name} find nobody, and nothing calls ${source}.`
    return ended(domain, { changed: true, reasons, remaining, waived, text })
  },
}

/** What is there, for rollback. A run that stopped half-way has noted it already. */
function scriptsFound({ connection }: Target, slots: Scripts): { readonly scriptsDigest?: string } {
  if (noOpSlots(connection).length > 0) return {}
  const { options } = connection.database
  const entries = Object.keys(slots).map((slot) => [slot, scriptAt(options, slot)])
  return { scriptsDigest: digestScripts(Object.fromEntries(entries.filter(([, code]) => code))) }
}

interface Examination {
  readonly config: MigrationConfig
  readonly tenant: Auth0Tenant
  readonly context: CommandContext
  readonly published: Published
  readonly limits: Limits
}

async function examine({ config, context, ...rest }: Examination) {
  const source = connectMigrationSource(config, context)
  try {
    return { ...(await weigh(source, rest)), source: source.name }
  } finally {
    await source.close()
  }
}

async function weigh(
  source: MigrationSource,
  { tenant, published, limits }: Omit<Examination, 'config' | 'context'>,
) {
  const counts = await source.counts()
  const reasons = reasonsAgainst({
    record: published.record,
    counts,
    stuck: await countStuck(source, limits.waived),
    allowRemaining: limits.allowRemaining,
    linkLifetime: limits.linkLifetime ?? (await resetLinkLifetime(tenant)),
    now: Date.now(),
  })
  return { reasons, remaining: counts.remaining }
}

interface Ending {
  readonly changed: boolean
  readonly reasons: readonly Reason[]
  readonly remaining?: number
  readonly waived?: number
  readonly text: string
}

function ended(domain: string, { text, ...found }: Ending): CommandResult {
  return { exitStatus: 0, found: { domain, complete: true, ...found }, text }
}

function refused(domain: string, reasons: readonly Reason[], numbers: object): CommandResult {
  const lines = reasons.map(({ code, message }) => `  ${message} [${code}]`)
  return {
    exitStatus: 1,
    found: { domain, complete: false, changed: false, reasons, ...numbers },
    text: [`${domain} cannot be completed yet. Nothing was changed.`, ...lines].join('\n'),
  }
}

/** @throws {CommandError} `command_line_invalid`. */
function numberOf(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw misused(`${name} takes a whole number.`, usage)
}
