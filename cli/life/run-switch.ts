import type { Auth0Tenant } from '../auth0-tenant.ts'
import type { CommandContext } from '../command.ts'
import { CommandError } from '../command.ts'
import { assertSource } from '../old-tenant/check-login-grant.ts'
import type { JournaledCommand } from '../publish/journal.ts'
import { runLocked } from '../publish/locked-run.ts'
import type { Project } from '../publish/project.ts'
import { changeMetadata } from '../publish/record.ts'
import { newRun } from '../publish/run-identity.ts'
import type { Published } from './published.ts'
import { readPublished } from './published.ts'
import { type Scripts, scriptsToSet } from './scripts.ts'
import { switchPhase } from './switch-phase.ts'
import { type Target, targetOf } from './target.ts'

/** Key of the record under which `complete` keeps what scripts it found. */
export const scriptsKey = 'migration_scripts'

export interface SwitchRequest {
  readonly command: JournaledCommand
  readonly tenant: Auth0Tenant
  readonly context: CommandContext
  readonly project: Project
  readonly published: Published
  readonly target: Target
  /** What the connection is to have in these slots. */
  readonly scripts: Scripts
  /** Kept on the tenant before the first change; see `scriptsKey`. */
  readonly scriptsDigest?: string
  readonly takeOver: boolean
}

/** Whether there is anything to do. */
export function isThere({ target, scripts }: Pick<SwitchRequest, 'scripts' | 'target'>): boolean {
  const { actions, connection } = target
  if (Object.keys(scriptsToSet(connection, scripts)).length > 0) return false
  return connection.isThere && actions.every((action) => action.isThere)
}

/**
 * Does it under the locks of folder and tenant, with a journal. What was read before is read again
 * once nobody else can change it.
 *
 * @throws {CommandError} `scope_missing` before anything is changed, and what `assertSource` may where
 *   users are to migrate from an old tenant; `publish_under_way`; what a step may.
 */
export async function runSwitch(request: SwitchRequest): Promise<void> {
  const { command, tenant, context, project, published, target, takeOver } = request
  await assertScopes(tenant)
  await assertSource(project, target.phase, context)
  const now = () => Date.now()
  const { phase } = target
  const run = newRun(command, tenant.domain, now(), phase)
  const lockHolder = async () => published.recordId
  const locked = { tenant, context, root: context.cwd, run, takeOver, now, lockHolder }
  await runLocked(locked, async (journal, lock, recordId) => {
    const current = await readPublished(tenant)
    const input = { tenant, project, published: current, env: context.env }
    const wanted = await targetOf(input, phase)
    const scripts = scriptsToSet(wanted.connection, request.scripts)
    if (request.scriptsDigest !== undefined) {
      await changeMetadata(tenant, recordId, { [scriptsKey]: request.scriptsDigest })
    }
    const work = { tenant, context, journal, lock, published: current, target: wanted, now }
    await switchPhase({ ...work, scripts })
  })
}

/** Deploying is creating a version. https://auth0.com/docs/api/management/v2/actions/post-deploy-action */
const scopes = [
  ...['create:actions', 'update:actions', 'update:clients'],
  ...['update:connections', 'update:connections_options'],
]

/** Asked before the first write, so that none of them is refused half-way. */
async function assertScopes(tenant: Auth0Tenant): Promise<void> {
  const granted = await tenant.scopes()
  const missing = scopes.filter((scope) => !granted.has(scope))
  if (missing.length === 0) return
  const names = missing.join(', ')
  const message = `Nothing was changed. Grant to the application of AUTH0_CLIENT_ID, for the Management API: ${names}.`
  throw new CommandError('scope_missing', message)
}
