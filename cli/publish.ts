import { type Command, CommandError, type CommandResult } from './command.ts'
import { confirm, parseCommandLine } from './command-line.ts'
import { assertSource } from './old-tenant/check-login-grant.ts'
import { projectOf, settingsText } from './old-tenant/old-tenant-project.ts'
import { apply } from './publish/apply.ts'
import type { Plan } from './publish/changes.ts'
import { createRecordKeeper, createScriptsClient } from './publish/create-clients.ts'
import { runLocked } from './publish/locked-run.ts'
import { planText } from './publish/plan-text.ts'
import { prepare } from './publish/prepare.ts'
import { newRun } from './publish/run-identity.ts'
import { assertScopes } from './publish/scopes.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration publish [--old-tenant] [--yes] [--take-over] [--json]

Brings the tenant to what tenant.yaml says: shows the plan, asks, does that and nothing else, by
deploy-cli where the resource is ours alone, and proves it: every Action built, running this code and
bound in its order, everything of others' as it was. On a tenant that is up to date it writes nothing.

It makes the two machine-to-machine applications where they are missing, and reads their ids and secrets
from the tenant. What it does is noted in .migration/ beside tenant.yaml, for npx migration undo. When it
is killed, the next run finishes.

  --old-tenant  publish tenant.old.yaml to the tenant that the users are in: AUTH0_… are its, and
                OLD_TENANT_CONNECTION names the connection they are in
  --yes         do not ask before writing
  --take-over   take the tenant from a publish that was killed on another machine
  --json        print { domain, phase, changes, warnings }: the changes are those that were made

Settings as for npx migration plan. Scopes besides those of plan: create and update of actions, clients,
client_grants, connections, resource_servers; update:connections_options.

Exit status: 0 the tenant is as tenant.yaml says, 1 it is not, 2 the command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const

export const publishCommand: Command = {
  usage,
  async run(args, context) {
    const options = { 'old-tenant': flag, yes: flag, 'take-over': flag, json: flag } as const
    const { values } = parseCommandLine({ args, options }, usage)
    const tenant = tenantOfEnvironment(context)
    const project = await projectOf(context, values['old-tenant'])
    context.say(`Reading ${tenant.domain} …`)
    const { plan, desired } = await prepare(tenant, project, context)
    const isUnfinished = plan.warnings.some(({ code }) => code === 'run_unfinished')
    if (plan.changes.length === 0 && !isUnfinished) return result(plan, planText(plan, project))
    await assertScopes(tenant, plan.changes)
    await assertSource(project, plan.phase, context)
    context.say(planText(plan, project))
    if (!values.yes) await confirm(context, `Publishes to ${tenant.domain}.`, tenant.domain)
    const now = () => Date.now()
    const run = newRun('publish', tenant.domain, now(), plan.phase, project.isOldTenant)
    const lockHolder: Parameters<typeof runLocked>[0]['lockHolder'] = (journal) =>
      createRecordKeeper(tenant, desired, run, journal, project.clientNames)
    const takeOver = values['take-over']
    const { isOldTenant, root } = project
    const locked = { tenant, context, root, run, takeOver, now, lockHolder, isOldTenant }
    await runLocked(locked, async (journal, lock, recordId) => {
      await createScriptsClient(tenant, desired, journal, project.clientNames)
      const current = await prepare(tenant, project, context)
      assertAsPlanned(plan, current.plan)
      await apply({ tenant, context, journal, lock, recordId, run, now }, current)
    })
    const number = plan.changes.length
    const changes = `${number} ${number === 1 ? 'change' : 'changes'}`
    const end = isOldTenant ? await settingsText(tenant, context) : `, phase ${plan.phase}.`
    return result(plan, `Published to ${tenant.domain}: ${changes}${end}`)
  },
}

function result(plan: Plan, text: string): CommandResult {
  return { exitStatus: 0, found: plan, text }
}

/** What was not shown is not done: somebody has changed the tenant since. */
function assertAsPlanned(shown: Plan, current: Plan): void {
  const known = new Set(shown.changes.map(({ kind, name }) => `${kind} ${name}`))
  const more = current.changes.filter(({ kind, name }) => !known.has(`${kind} ${name}`))
  if (more.length === 0) return
  const names = more.map(({ kind, name }) => `${kind} ${name}`).join(', ')
  const message = `The tenant has changed since the plan was shown (${names}): run it again.`
  throw new CommandError('plan_outdated', message)
}
