import { type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { bindingsOf, databaseNamed } from './actual.ts'
import { type BoundAction, placeBindings, sameBindings } from './bindings.ts'
import type { BindingsChange, ConnectionChange } from './changes.ts'
import { uniqueIdOf } from './migration-clients.ts'
import { optionsToSend } from './plan-connection.ts'
import type { Prepared } from './prepare.ts'

/** Applications a request. https://auth0.com/docs/api/management/v2/connections/patch-clients */
const mostSwitches = 50
/** Of a change of bindings. */
const mostTries = 3

/** Writes our Actions into the list of a trigger, as it is at this moment. */
export async function writeBindings(
  tenant: Auth0Tenant,
  { name }: BindingsChange,
  { desired, project }: Prepared,
): Promise<void> {
  const ours = desired.bindings[name] ?? []
  const place = project.config.bindings
  await changeBindings(tenant, name, (current) => placeBindings(name, current, ours, place))
}

/**
 * Bindings that are there are named by their own id, whatever their Action is called. Every change makes
 * new ones: a request that was done, and whose answer was lost, is refused when it is sent again. Then
 * the list is read anew.
 *
 * @returns Whether there was anything to change.
 * @throws {CommandError} As `succeeded` does, and `wantedOf`.
 */
export async function changeBindings(
  tenant: Auth0Tenant,
  trigger: string,
  wantedOf: (current: readonly BoundAction[]) => readonly BoundAction[],
): Promise<boolean> {
  const path = `actions/triggers/${encodeURIComponent(trigger)}/bindings`
  for (let tries = 1; ; tries += 1) {
    const current = await bindingsOf(tenant, trigger)
    const wanted = wantedOf(current)
    if (sameBindings(current, wanted)) return tries > 1
    const bindings = wanted.map(({ id, action, displayName }) => ({
      ref: id === null ? { type: 'action_name', value: action } : { type: 'binding_id', value: id },
      display_name: displayName,
    }))
    const answer = await tenant.manage('PATCH', path, { bindings })
    if (answer.status === 400 && tries < mostTries) continue
    succeeded(answer, 'PATCH bindings')
    return true
  }
}

/**
 * Changes a connection that is there. PATCH replaces all options, so that others' are read anew and
 * sent along.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export async function writeConnection(
  tenant: Auth0Tenant,
  change: ConnectionChange,
  { desired }: Prepared,
): Promise<void> {
  const { name, members, scripts, configuration } = change
  if (members.length + scripts.length + configuration.length === 0) return
  const wanted = desired.databases.find((database) => database.name === name)
  const database = await databaseNamed(tenant, name)
  if (wanted === undefined || database === null) throw gone(name)
  const own = members.filter(({ path }) => !path.startsWith('options.'))
  const names = new Set(own.map(({ path }) => path.split('.')[0] ?? ''))
  const rest = Object.entries(wanted.members).filter(([key]) => names.has(key))
  const body = { ...Object.fromEntries(rest), options: optionsToSend(wanted, database) }
  succeeded(await tenant.manage('PATCH', `connections/${database.id}`, body), 'PATCH connections')
}

/** Opens a connection to the applications that tenant.yaml names, and closes it to none. */
export async function enableClients(
  tenant: Auth0Tenant,
  { name, enabledClients }: ConnectionChange,
  allClients: Prepared['actual']['allClients'],
): Promise<void> {
  const database = await databaseNamed(tenant, name)
  if (database === null) throw gone(name)
  const ids = enabledClients.flatMap((client) => uniqueIdOf(allClients, client) ?? [])
  const missing = ids.filter((id) => !database.enabledClients.includes(id))
  await switchClients(tenant, database.id, missing, true)
}

export async function switchClients(
  tenant: Auth0Tenant,
  connection: string,
  ids: readonly string[],
  status: boolean,
): Promise<void> {
  for (let start = 0; start < ids.length; start += mostSwitches) {
    const body = ids.slice(start, start + mostSwitches).map((client_id) => ({ client_id, status }))
    const path = `connections/${connection}/clients`
    succeeded(await tenant.manage('PATCH', path, body), 'PATCH connections')
  }
}

function gone(name: string): CommandError {
  return new CommandError(
    'proof_failed',
    `The connection ${name} is gone: somebody has deleted it.`,
  )
}
