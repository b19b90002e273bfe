import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { pause } from '../pause.ts'
import type { Desired } from './desired.ts'
import type { Journal, RunIdentity } from './journal.ts'
import { holderIn, markerOf, underWay } from './lock-marker.ts'
import { type ClientNames, listClients, readClient, uniqueIdOf } from './migration-clients.ts'
import { lockKey } from './record.ts'

/** Milliseconds. */
const retryTime = 1_000
const mostTries = 5

/**
 * Makes the application that keeps record and lock where it is not there yet. It is made with the lock:
 * of two who publish to an empty tenant at once one goes on.
 *
 * @returns Its id.
 * @throws {CommandError} `publish_under_way`, `project_invalid`.
 */
export async function createRecordKeeper(
  tenant: Auth0Tenant,
  desired: Desired,
  run: RunIdentity,
  journal: Journal,
  names: ClientNames,
): Promise<string> {
  const metadata = { [lockKey]: markerOf(run) }
  const actions = await ensureClient(tenant, desired, journal, names.actions, metadata)
  if (actions.made) await assertAlone(tenant, actions.id, names.actions, run)
  return actions.id
}

/**
 * Makes the application of the scripts: once the lock is held, or two at once would make two of it.
 * Where the users are in another tenant there is none.
 */
export async function createScriptsClient(
  tenant: Auth0Tenant,
  desired: Desired,
  journal: Journal,
  { scripts }: ClientNames,
): Promise<void> {
  const isWanted = scripts !== null && desired.clients.some(({ name }) => name === scripts)
  if (isWanted) await ensureClient(tenant, desired, journal, scripts, {})
}

async function ensureClient(
  tenant: Auth0Tenant,
  desired: Desired,
  journal: Journal,
  name: string,
  metadata: Readonly<Record<string, string>>,
): Promise<{ readonly id: string; readonly made: boolean }> {
  const there = uniqueIdOf(await listClients(tenant), name)
  if (there !== null) return { id: there, made: false }
  const wanted = desired.clients.find((client) => client.name === name)
  if (wanted === undefined) {
    const message = `tenant.yaml has no application ${name}, and the tenant has none either.`
    throw new CommandError('project_invalid', message)
  }
  journal.before({ kind: 'client', name, id: null, state: null })
  const { client_metadata: own } = wanted.members
  const client_metadata = { ...(isObject(own) ? own : {}), ...metadata }
  const more = Object.keys(client_metadata).length === 0 ? {} : { client_metadata }
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
async function assertAlone(
  tenant: Auth0Tenant,
  ownId: string,
  ownName: string,
  run: RunIdentity,
): Promise<void> {
  const twins = (await listClients(tenant)).filter(({ name }) => name === ownName)
  for (const { client_id } of twins) {
    if (client_id === ownId) continue
    const holder = holderIn(await readClient(tenant, client_id))
    const key = ({ at, id }: Pick<RunIdentity, 'at' | 'id'>) => `${at} ${id}`
    if (holder === null || key(holder) > key(run)) continue
    await tenant.manage('DELETE', `clients/${encodeURIComponent(ownId)}`)
    throw underWay(holder)
  }
}
