import type { Phase } from '../core/phase.ts'
import { readSetting } from '../core/settings.ts'
import { type Command, type CommandContext, CommandError } from './command.ts'
import { confirm, misused, parseCommandLine } from './command-line.ts'
import { readPublished } from './life/published.ts'
import { isThere, runSwitch } from './life/run-switch.ts'
import { noOpSlots } from './life/scripts.ts'
import { type Target, targetOf } from './life/target.ts'
import { loadNames } from './publish/project.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration phase off|lazy|complete [--yes] [--take-over] [--json]

Switches the phase of a tenant that the kit was published to, without a build: MIGRATION_PHASE of the
Actions that read it, and of the connection. Code, bindings and everything else stay.

  lazy      users migrate, each at a login
  off       the Actions' kill switch: no legacy call, no stamp; scripts go on
  complete  the Actions stop calling out, the scripts find nobody. Before npx migration complete

Nobody is imported whom the legacy store is not told of: going to complete the scripts are first, coming
back the Actions are. When it is killed half-way, the same command finishes, another phase takes it back.

  --yes        do not ask before writing
  --take-over  take the tenant from a run that was killed on another machine
  --json       print { domain, before, phase, since, changed }

Settings as for npx migration publish; the values published are sent again, so they have to be the same.
Scopes: read:actions, read:clients, read:client_keys, read:connections, read:connections_options, create
and update of actions, update:clients, update:connections, update:connections_options.

Exit status: 0 the phase is in force, 1 it is not, 2 the command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = { yes: flag, 'take-over': flag, json: flag } as const

const effects: Readonly<Record<Phase, string>> = {
  lazy: 'users migrate, each at a login',
  off: 'the Actions make no legacy call and no stamp, the scripts go on',
  complete: 'the Actions make no legacy call and no stamp, the scripts find nobody',
}

export const phaseCommand: Command = {
  usage,
  async run(args, context) {
    const { values, positionals } = parseCommandLine(
      { args, options, allowPositionals: true },
      usage,
    )
    const phase = phaseNamed(positionals)
    const tenant = tenantOfEnvironment(context)
    const project = await loadNames(context.cwd)
    const published = await readPublished(tenant)
    const target = await targetOf({ tenant, project, published, env: context.env }, phase)
    assertScripts(target)
    warnOfEnvironment(context, phase)
    const { domain } = tenant
    const before = published.record.phase
    if (before === phase && isThere({ target, scripts: {} })) {
      const found = { domain, before, phase, since: published.record.since, changed: false }
      return { exitStatus: 0, found, text: `${domain} is ${phase} already: ${effects[phase]}.` }
    }
    if (!values.yes) {
      await confirm(context, `${domain}: ${before} becomes ${phase}, ${effects[phase]}.`, phase)
    }
    const takeOver = values['take-over']
    const request = { command: 'phase', tenant, context, project, published, target } as const
    await runSwitch({ ...request, scripts: {}, takeOver })
    const { since } = (await readPublished(tenant)).record
    const found = { domain, before, phase, since, changed: true }
    return { exitStatus: 0, found, text: `${domain} is ${phase} now: ${effects[phase]}.` }
  },
}

function phaseNamed([word = '', ...others]: readonly string[]): Phase {
  const phase = (['off', 'lazy', 'complete'] as const).find((one) => one === word)
  if (phase !== undefined && others.length === 0) return phase
  throw misused('Name a phase: off, lazy or complete.', usage)
}

/** @throws {CommandError} `scripts_are_no_op`: a phase alone would let nobody in. */
function assertScripts({ phase, connection }: Target): void {
  if (phase === 'complete' || noOpSlots(connection).length === 0) return
  const message = `The scripts of ${connection.name} find nobody, whatever the phase is: npx migration rollback brings them back, and the phase lazy with them.`
  throw new CommandError('scripts_are_no_op', message)
}

/** A publish would put the phase back. */
function warnOfEnvironment({ env, say }: CommandContext, phase: Phase): void {
  const word = readSetting(env, 'MIGRATION_PHASE')
  if (word === undefined || word === phase) return
  say(`MIGRATION_PHASE is ${word} in this environment: the next publish with it goes back to that.`)
}
