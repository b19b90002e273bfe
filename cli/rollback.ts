import { type Command, CommandError } from './command.ts'
import { confirm, parseCommandLine } from './command-line.ts'
import { readPublished } from './life/published.ts'
import { isThere, runSwitch, scriptsKey } from './life/run-switch.ts'
import {
  builtScripts,
  journaledScripts,
  noOpSlots,
  type Scripts,
  scriptsToRestore,
} from './life/scripts.ts'
import { targetOf } from './life/target.ts'
import { readJournals, tenantFolder } from './publish/journal.ts'
import { loadNames, loadProject, type Project } from './publish/project.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration rollback [--yes] [--take-over] [--json]

Brings the lazy phase back: users migrate again, each at a login. The scripts are those that npx migration
complete found, to the byte: from its journal, or from dist/ where that was built from the same sources.
The Actions come first, the scripts last: nobody is imported whom the legacy store is not told of.

  --yes        do not ask before writing
  --take-over  take the tenant from a run that was killed on another machine
  --json       print { domain, before, phase, scripts, changed }: names of the scripts that were restored

Settings and scopes as for npx migration phase.

Exit status: 0 the phase is lazy and the scripts look users up, 1 they do not, 2 the command line or a
setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = { yes: flag, 'take-over': flag, json: flag } as const

export const rollbackCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const tenant = tenantOfEnvironment(context)
    const { domain } = tenant
    const project = await loadNames(context.cwd)
    const published = await readPublished(tenant)
    const target = await targetOf({ tenant, project, published, env: context.env }, 'lazy')
    const slots = noOpSlots(target.connection)
    const before = published.record.phase
    if (before === 'lazy' && slots.length === 0 && isThere({ target, scripts: {} })) {
      const found = { domain, before, phase: 'lazy', scripts: [], changed: false }
      return { exitStatus: 0, found, text: `${domain} is lazy: there is nothing to roll back.` }
    }
    const digest = published.clients.actions?.metadata[scriptsKey]
    const scripts = slots.length === 0 ? {} : await restored(context.cwd, domain, project, digest)
    if (!values.yes) {
      await confirm(context, `${domain}: ${before} becomes lazy, users migrate again.`, 'lazy')
    }
    const request = { command: 'rollback', tenant, context, project, published, target } as const
    await runSwitch({ ...request, scripts, takeOver: values['take-over'] })
    const found = { domain, before, phase: 'lazy', scripts: slots, changed: true }
    return {
      exitStatus: 0,
      found,
      text: `${domain} is lazy again: users migrate, each at a login.`,
    }
  },
}

/** @throws {CommandError} `dist_stale` where what was published is not here. */
async function restored(
  cwd: string,
  domain: string,
  { config }: Project,
  digest: string | undefined,
): Promise<Scripts> {
  const journaled = journaledScripts(readJournals(tenantFolder(cwd, domain)), config.connection)
  const fromJournal = scriptsToRestore(digest, journaled)
  if (fromJournal !== null) return fromJournal
  const built = builtScripts(await loadProject(cwd))
  // No-op forms that the kit's own complete did not put there: what is built here is all there is.
  const fromBuild = digest === undefined ? built : scriptsToRestore(digest, [built])
  if (fromBuild !== null) return fromBuild
  const message =
    'Neither the journal nor dist/ has the scripts that complete replaced. Check out what was published, run npm run build, and roll back from there.'
  throw new CommandError('dist_stale', message)
}
