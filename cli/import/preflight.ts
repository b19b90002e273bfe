import type { MigrationConfig } from '../../core/migration-config.ts'
import { type Phase, readPhase } from '../../core/phase.ts'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { listByCheckpoint } from '../list-resources.ts'
import { readPhaseInForce } from '../status/phase-in-force.ts'

/** What is needed to send jobs, and to read what has become of them. */
const scopes = ['create:users', 'read:users', 'read:connections', 'read:clients'] as const

export interface Preflight {
  readonly connection: { readonly id: string; readonly name: string }
  readonly phase: Phase
}

/**
 * Whether the tenant can take an import at all, before a source is read for an hour.
 *
 * @throws {CommandError} `scope_missing`, `connection_unfit`, `import_while_lazy`.
 */
export async function preflight(
  tenant: Auth0Tenant,
  config: MigrationConfig,
  context: Pick<CommandContext, 'env' | 'say'>,
  { whileLazy, withoutPasswords }: { whileLazy: boolean; withoutPasswords: boolean },
): Promise<Preflight> {
  const granted = await tenant.scopes()
  const missing = scopes.filter((scope) => !granted.has(scope))
  if (missing.length > 0) {
    const message = `An import takes ${missing.join(', ')}: grant it to the application of AUTH0_CLIENT_ID.`
    throw new CommandError('scope_missing', message)
  }
  const connection = await fitConnection(tenant, config.connection)
  const phase = (await readPhaseInForce(tenant))?.phase ?? readPhase(context.env) ?? 'lazy'
  if (phase === 'lazy') {
    if (!whileLazy) throw tooEarly()
    if (withoutPasswords) context.say(endOfLazyMigration)
  }
  return { connection, phase }
}

const endOfLazyMigration =
  'Users who are imported without a hash are not asked for by login any more: their old password ends, and they have to reset it.'

function tooEarly(): CommandError {
  const message =
    'The phase is lazy: whoever logs in still brings their password along, and an import without hashes would end that for those users. Import when few are left and the phase is complete (npx migration complete), or give --while-lazy.'
  return new CommandError('import_while_lazy', message)
}

/**
 * A database connection with Auth0's own store, or with scripts and import mode; enabled for an
 * application, without which no user can log in.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
 */
async function fitConnection(tenant: Auth0Tenant, name: string): Promise<Preflight['connection']> {
  const path = `connections?name=${encodeURIComponent(name)}`
  const found = await listByCheckpoint<Readonly<Record<string, unknown>>>(
    tenant,
    path,
    'connections',
  )
  const listed = found.find((one) => one.name === name)
  if (listed === undefined) throw unfit(`The tenant has no connection ${name}.`)
  if (listed.strategy !== 'auth0') throw unfit(`The connection ${name} is no database.`)
  const id = String(listed.id)
  const shown = succeeded<unknown>(
    await tenant.manage('GET', `connections/${id}`),
    'GET connections',
  )
  const options = isObject(shown) && isObject(shown.options) ? shown.options : null
  if (options === null) {
    const message =
      'GET connections shows no options: grant read:connections_options to the application of AUTH0_CLIENT_ID.'
    throw new CommandError('scope_missing', message)
  }
  if (options.enabledDatabaseCustomization === true && options.import_mode !== true) {
    throw unfit(
      `The connection ${name} has a user store of its own and no import mode: Auth0 would have nowhere to put the users.`,
    )
  }
  const clients = await listByCheckpoint<unknown>(tenant, `connections/${id}/clients`, 'clients')
  if (clients.length === 0) {
    throw unfit(`The connection ${name} is enabled for no application: enable it for one.`)
  }
  return { id, name }
}

function unfit(message: string): CommandError {
  return new CommandError('connection_unfit', message)
}
