import { type Answer, type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { pause } from '../pause.ts'
import type { ShownAction } from '../publish/actual.ts'
import type { TargetAction } from './target.ts'

/** Milliseconds. */
const usualPoll = 500
/** Looks: three minutes. A build takes seconds. */
const mostLooks = 360
/** Looks after a deployment was accepted before it is asked for again. */
const patience = 40

/**
 * Gives an Action its secrets and deploys it, with the code that it runs: a draft that somebody has
 * left there is not deployed along.
 *
 * @param poll Milliseconds between two looks at it.
 * @throws {CommandError} `build_failed`, `request_failed`, `interrupted`.
 */
export async function switchAction(
  tenant: Auth0Tenant,
  { name, shown, secrets }: TargetAction,
  signal: AbortSignal,
  poll = usualPoll,
): Promise<void> {
  const path = `actions/actions/${encodeURIComponent(shown.id)}`
  const list = Object.entries(secrets).map(([secret, value]) => ({ name: secret, value }))
  const body = { secrets: list, ...runningParts(shown) }
  succeeded(await tenant.manage('PATCH', path, body), `PATCH Action ${name}`)
  let wait = 0
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const current = succeeded<ShownAction>(await tenant.manage('GET', path), `GET Action ${name}`)
    if (current.status === 'failed') throw buildFailed(name)
    if (isDeployed(current, shown)) return
    wait -= 1
    if (current.status === 'built' && wait <= 0 && (await deploy(tenant, path, name)))
      wait = patience
    await pause(poll, signal)
  }
  const message = `The Action ${name} has its secrets, and was not deployed within ${(mostLooks * poll) / 60_000} minutes.`
  throw new CommandError('deploy_failed', message)
}

/** What runs, where the draft is another; nothing where they are the same. */
function runningParts({ code, deployed_version: running }: ShownAction): object {
  if (running?.code === undefined || running.code === code) return {}
  const { dependencies, runtime } = running
  return {
    code: running.code,
    ...(dependencies !== undefined && { dependencies }),
    ...(runtime !== undefined && { runtime }),
  }
}

function isDeployed(current: ShownAction, before: ShownAction): boolean {
  const isNew = current.deployed_version?.id !== before.deployed_version?.id
  return isNew && current.all_changes_deployed !== false
}

/** @returns Whether it was accepted. What may pass is tried again: deploying twice does no harm. */
async function deploy(tenant: Auth0Tenant, path: string, name: string): Promise<boolean> {
  const answer = await tenant.manage('POST', `${path}/deploy`).catch(orUnreachable)
  // 400: the draft is not built yet, whatever was shown a moment ago.
  if (answer === null || answer.status === 400 || answer.status >= 500) return false
  succeeded(answer, `Deploying ${name}`)
  return true
}

function orUnreachable(error: unknown): Answer | null {
  if (error instanceof CommandError && error.code === 'tenant_unreachable') return null
  throw error
}

function buildFailed(name: string): CommandError {
  const message = `Auth0 could not build the Action ${name} with code that it has built before. What ran before runs on.`
  return new CommandError('build_failed', message)
}
