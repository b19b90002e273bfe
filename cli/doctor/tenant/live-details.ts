import { type Auth0Tenant, succeeded } from '../../auth0-tenant.ts'
import { listByCheckpoint, listResources } from '../../list-resources.ts'
import { at, type Fields, isFields, listAt, textAt } from './shape.ts'

/**
 * Lists of Actions and of bindings give `total` unasked, and refuse to be asked for it.
 * https://auth0.com/docs/api/management/v2/actions/get-actions
 */
export async function listOfActions(
  tenant: Auth0Tenant,
  path: string,
  key: string,
): Promise<readonly Fields[]> {
  const found: Fields[] = []
  for (let page = 0; ; page += 1) {
    const answer = await tenant.manage('GET', `${path}?page=${page}&per_page=100`)
    const body = succeeded<unknown>(answer, `GET ${path}`)
    const resources = listAt(body, key).filter(isFields)
    found.push(...resources)
    if (resources.length === 0 || found.length >= Number(at(body, 'total') ?? 0)) return found
  }
}

/**
 * The applications of each connection are a list of their own: `enabled_clients` is no member any more.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-dedicated-connection-endpoints
 */
export async function addConnectionClients(
  tenant: Auth0Tenant,
  connections: readonly Fields[],
): Promise<readonly Fields[]> {
  const whole: Fields[] = []
  for (const connection of connections) {
    const path = `connections/${encodeURIComponent(String(connection.id))}/clients`
    const clients = await listByCheckpoint<Fields>(tenant, path, 'clients')
    whole.push({
      ...connection,
      enabled_clients: clients.map((client) => textAt(client, 'client_id') ?? ''),
    })
  }
  return whole
}

export async function addOrganizationConnections(
  tenant: Auth0Tenant,
  organizations: readonly Fields[],
): Promise<readonly Fields[]> {
  const whole: Fields[] = []
  for (const organization of organizations) {
    const path = `organizations/${encodeURIComponent(String(organization.id))}/enabled_connections`
    const connections = await listResources<Fields>(tenant, path, 'enabled_connections')
    whole.push({
      ...organization,
      connections: connections.map((one) => ({
        ...one,
        name: textAt(one, 'connection', 'name') ?? textAt(one, 'name'),
      })),
    })
  }
  return whole
}
