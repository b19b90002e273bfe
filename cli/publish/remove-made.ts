import { type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import { listByCheckpoint } from '../list-resources.ts'
import type { Before } from './journal.ts'
import { listClients, uniqueIdOf } from './migration-clients.ts'
import type { Undone } from './undo-resources.ts'

/** True for what a publish has made and its undo takes away: of an old tenant nothing is to be left. */
export function isRemovable({ kind, state }: Before): boolean {
  return state === null && (kind === 'client' || kind === 'client-grant')
}

/** @param name `Tenant Migration for https://…/api/v2/` */
export async function removeGrant(tenant: Auth0Tenant, name: string): Promise<Undone> {
  const [client = '', audience = ''] = name.split(/ for (?=\S+$)/)
  const id = uniqueIdOf(await listClients(tenant), client)
  if (id === null) return {}
  const grants = await listByCheckpoint<Readonly<Record<string, unknown>>>(
    tenant,
    `client-grants?client_id=${encodeURIComponent(id)}&audience=${encodeURIComponent(audience)}`,
    'client_grants',
  )
  const made = grants.filter((one) => one.client_id === id && one.audience === audience)
  for (const grant of made) await remove(tenant, 'client-grants', String(grant.id))
  return made.length === 0 ? {} : { restored: [`grant of ${name} is deleted`] }
}

/** The last of all: it keeps the lock. */
export async function removeClient(tenant: Auth0Tenant, id: string, name: string): Promise<Undone> {
  await remove(tenant, 'clients', id)
  return { restored: [`application ${name} is deleted`] }
}

/** One that is gone already is as good. */
async function remove(tenant: Auth0Tenant, resource: string, id: string): Promise<void> {
  const answer = await tenant.manage('DELETE', `${resource}/${encodeURIComponent(id)}`)
  if (answer.status !== 404) succeeded(answer, `DELETE ${resource}`)
}
