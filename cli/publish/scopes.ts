import type { Auth0Tenant } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { Change } from './changes.ts'
import type { Before } from './journal.ts'
import { isRemovable } from './remove-made.ts'

/** Scopes of the Management API that a kind of change takes, besides those of looking. */
const scopesOfChange: Readonly<Record<Change['kind'], Readonly<Record<Change['change'], string>>>> =
  {
    // Deploying is creating a version. https://auth0.com/docs/api/management/v2/actions/post-deploy-action
    action: { create: 'create:actions', update: 'create:actions update:actions' },
    bindings: { create: 'update:actions', update: 'update:actions' },
    client: { create: 'create:clients', update: 'update:clients' },
    'client-grant': { create: 'create:client_grants', update: 'update:client_grants' },
    connection: {
      create: 'create:connections update:connections update:connections_options',
      update: 'update:connections update:connections_options',
    },
    phase: { create: '', update: '' },
    'resource-server': { create: 'create:resource_servers', update: 'update:resource_servers' },
  }

/** For every publish: to look at all that must stay, to read the secrets, to keep the record. */
const always = [
  ...[
    'actions',
    'clients',
    'client_grants',
    'client_keys',
    'connections',
    'connections_options',
  ].map((resource) => `read:${resource}`),
  'read:resource_servers',
  'update:clients',
]

/**
 * Asks before the first write, so that none of them is refused half-way.
 *
 * @throws {CommandError} `scope_missing`, naming every one that is.
 */
export async function assertScopes(tenant: Auth0Tenant, changes: readonly Change[]): Promise<void> {
  await assertGranted(
    tenant,
    changes.flatMap(({ kind, change }) => scopesOfChange[kind][change].split(' ')),
  )
}

const connectionScopes = 'update:connections update:connections_options'

/** What it takes to take something back, by whether it was there before. */
const scopesOfUndo: Readonly<Record<Before['kind'], readonly [there: string, made: string]>> = {
  action: ['create:actions update:actions', 'delete:actions'],
  bindings: ['update:actions', 'update:actions'],
  client: ['update:clients', ''],
  'client-grant': ['update:client_grants', ''],
  connection: [connectionScopes, ''],
  'connection-clients': [connectionScopes, connectionScopes],
  record: ['', ''],
  'resource-server': ['update:resource_servers', ''],
}

/**
 * As `assertScopes`, of what an undo takes.
 *
 * @param removesMade True: applications and grants that the publish made go too.
 * @throws {CommandError} `scope_missing`, naming every one that is.
 */
export async function assertUndoScopes(
  tenant: Auth0Tenant,
  before: readonly Before[],
  removesMade: boolean,
): Promise<void> {
  const needed = before.flatMap((one) => {
    if (removesMade && isRemovable(one)) return [`delete:${one.kind.replace('-', '_')}s`]
    return scopesOfUndo[one.kind][one.state === null ? 1 : 0].split(' ')
  })
  await assertGranted(tenant, needed)
}

async function assertGranted(tenant: Auth0Tenant, needed: readonly string[]): Promise<void> {
  const granted = await tenant.scopes()
  const missing = [...new Set([...always, ...needed])].filter(
    (scope) => scope !== '' && !granted.has(scope),
  )
  if (missing.length === 0) return
  const names = missing.sort().join(', ')
  const message = `Nothing was changed. Grant to the application of AUTH0_CLIENT_ID, for the Management API: ${names}.`
  throw new CommandError('scope_missing', message)
}
