import { type Auth0Tenant, pause, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { Desired } from './desired.ts'
import type { Journal, RunIdentity } from './journal.ts'
import { holderIn, markerOf, underWay } from './lock-marker.ts'
import { clientNames, listClients, readClient, uniqueIdOf } from './migration-clients.ts'
import { lockKey } from './record.ts'

/** Milliseconds. */
const retryTime = 1_000
const mostTries = 5

/**
 * Makes the two machine-to-machine applications where they are not there yet. The first of them keeps
 * the lock, and is made with it: of two who publish to an empty tenant at once one goes on.
 *
 * @returns The id of the one that keeps record and lock.
 * @throws {CommandError} `publish_under_way`, `project_invalid`.
 */
export async function createMigrationClients(
  tenant: Auth0Tenant,
  desired: Desired,
  run: RunIdentity,
  journal: Journal,
): Promise<string> {
  const metadata = { client_metadata: { [lockKey]: markerOf(run) } }
  const actions = await ensureClient(tenant, desired, journal, clientNames.actions, metadata)
  if (actions.made) await assertAlone(tenant, actions.id, run)
  await ensureClient(tenant, desired, journal, clientNames.scripts, {})
  return actions.id
}

async function ensureClient(
  tenant: Auth0Tenant,
  desired: Desired,
  journal: Journal,
  name: string,
  more: Readonly<Record<string, unknown>>,
): Promise<{ readonly id: string; readonly made: boolean }> {
  const there = uniqueIdOf(await listClients(tenant), name)
  if (there !== null) return { id: there, made: false }
  const wanted = desired.clients.find((client) => client.name === name)
  if (wanted === undefined) {
    const message = `tenant.yaml has no application ${name}, and the tenant has none either.`
    throw new CommandError('project_invalid', message)
  }
  journal.before({ kind: 'client', name, id: null, state: null })
  return { id: await postClient(tenant, name, { ...wanted.members, ...more }), made: true }
}

/** Nobody knows what became of a POST without an answer: it is looked for before it is sent again. */
async function postClient(tenant: Auth0Tenant, name: string, body: object): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const answer = await tenant.manage('POST', 'clients', body).catch((error: unknown) => {
      const mayPass = error instanceof CommandError && error.code === 'tenant_unreachable'
      if (!mayPass || tries === mostTries) throw error
      return null
    })
    const failed = answer === null || answer.status >= 500
    if (!failed || tries === mostTries) {
      if (answer !== null) return succeeded<{ client_id: string }>(answer, 'POST clients').client_id
    }
    await pause(retryTime)
    const made = (await listClients(tenant)).find((client) => client.name === name)
    if (made !== undefined) return made.client_id
  }
}

/** Who was earlier goes on; the other takes its application away again. */
async function assertAlone(tenant: Auth0Tenant, ownId: string, run: RunIdentity): Promise<void> {
  const twins = (await listClients(tenant)).filter(({ name }) => name === clientNames.actions)
  for (const { client_id } of twins) {
    if (client_id === ownId) continue
    const holder = holderIn(await readClient(tenant, client_id))
    const key = ({ at, id }: Pick<RunIdentity, 'at' | 'id'>) => `${at} ${id}`
    if (holder === null || key(holder) > key(run)) continue
    await tenant.manage('DELETE', `clients/${encodeURIComponent(ownId)}`)
    throw underWay(holder)
  }
}
