import type { Phase } from '../../core/phase.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { actionNamed, databaseNamed } from './actual.ts'
import type { DesiredAction, DesiredDatabase } from './desired.ts'
import { digestSecrets } from './digests.ts'
import { shownSecrets } from './plan-actions.ts'
import { digestConfiguration } from './plan-connection.ts'
import type { PublishRecord } from './record.ts'

/** Values that have just been sent. */
interface SentValues {
  readonly actions: readonly Pick<DesiredAction, 'name' | 'secrets'>[]
  readonly databases: readonly Pick<DesiredDatabase, 'configuration' | 'name'>[]
}

/**
 * The record of what has just been published: digests of the values that were sent, with what the
 * tenant shows of them now. Whatever changes a value by this kit writes such a record at its end.
 *
 * @param key See `keyOf`.
 * @param connection Name of the migrating connection.
 * @param now ISO 8601.
 */
export async function publishedRecord(
  tenant: Auth0Tenant,
  { actions, databases }: SentValues,
  key: string,
  { before, phase, now }: { before: PublishRecord | null; phase: Phase; now: string },
): Promise<PublishRecord> {
  const digests: Record<string, string> = {}
  for (const { name, secrets } of actions) {
    const action = await actionNamed(tenant, name)
    if (action !== null) digests[name] = digestSecrets(key, name, secrets, shownSecrets(action))
  }
  for (const { name, configuration } of databases) {
    if (Object.keys(configuration).length === 0) continue
    const database = await databaseNamed(tenant, name)
    if (database !== null) digests.configuration = digestConfiguration(key, configuration, database)
  }
  const since = before?.phase === phase ? before.since : now
  return { phase, since, digests }
}
