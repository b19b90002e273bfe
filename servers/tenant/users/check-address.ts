import type { Services } from '../services.ts'
import type { Connection } from '../state.ts'
import { findByEmail, findByUsername } from './find-user.ts'
import { importsUsers, runScript } from './run-script.ts'

export type AddressCheck =
  | { readonly type: 'free' }
  /** A user of the tenant has it. */
  | { readonly type: 'taken' }
  /** A user who is still to be migrated has it. */
  | { readonly type: 'awaits-import'; readonly profile: Readonly<Record<string, unknown>> }
  | { readonly type: 'failed'; readonly message: string }

/**
 * Whether an e-mail address or a username is free. get_user is asked only while no profile with it
 * exists; when it fails, so does what needed to know.
 *
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user
 */
export async function checkAddress(
  services: Services,
  connection: Connection,
  member: 'email' | 'username',
  value: string,
): Promise<AddressCheck> {
  const find = member === 'email' ? findByEmail : findByUsername
  if (find(services.tenant, connection, value) !== null) return { type: 'taken' }
  if (!importsUsers(connection)) return { type: 'free' }
  const outcome = await runScript(services, connection, 'get_user', [value])
  if (outcome.type === 'profile') return { type: 'awaits-import', profile: outcome.profile }
  if (outcome.type !== 'not-found') return { type: 'failed', message: outcome.message }
  // Somebody may have signed up while the script ran.
  return find(services.tenant, connection, value) === null ? { type: 'free' } : { type: 'taken' }
}
