import { existsSync } from 'node:fs'
import type { Auth0Tenant } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import { listByCheckpoint } from '../../list-resources.ts'
import { configOf } from '../../project-config.ts'
import { type ImportState, openImportState } from './import-state.ts'
import { identityOf } from './open-state.ts'

/**
 * Opens the state of an import that was made, for what comes after it.
 *
 * @throws {CommandError} `state_missing`; `state_invalid` where it is of another tenant; `state_in_use`.
 */
export function openKnownState(path: string, domain: string): ImportState {
  return openImportState(path, { ...identityOf(path), domain }, null, { now: Date.now })
}

/**
 * The same; where there was no import it begins a state, for the connection of migration.config.ts.
 *
 * @param cwd Folder of the project.
 * @throws {CommandError} As `openKnownState`; `setting_invalid`, `connection_unfit`.
 */
export async function openStateFor(
  path: string,
  tenant: Auth0Tenant,
  cwd: string,
): Promise<ImportState> {
  if (existsSync(path)) return openKnownState(path, tenant.domain)
  const { connection, idPrefix } = await configOf(cwd)
  const list = `connections?name=${encodeURIComponent(connection)}`
  const found = await listByCheckpoint<{ readonly id: string; readonly name: string }>(
    tenant,
    list,
    'connections',
  )
  const connectionId = found.find(({ name }) => name === connection)?.id
  if (connectionId === undefined) {
    throw new CommandError('connection_unfit', `The tenant has no connection ${connection}.`)
  }
  const identity = { connectionId, domain: tenant.domain, idPrefix }
  return openImportState(path, identity, null, { now: Date.now })
}
