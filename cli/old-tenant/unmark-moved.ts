import type { HttpRequest } from '../../core/http-message.ts'
import { readUserRequest } from '../../core/old-tenant-api.ts'
import { holderRequest } from '../../core/old-tenant-search.ts'
import { movedKey } from '../../core/old-tenant-user.ts'
import { type Answer, isObject, succeeded } from '../auth0-tenant.ts'
import type { CommandContext } from '../command.ts'
import { leaveRoom } from '../import/jobs/leave-room.ts'
import type { LegacyOperator } from '../legacy-operator.ts'
import { assertOldTenantScopes, connectOldTenant, withoutOperator } from './connect-old-tenant.ts'
import { databaseIds } from './moved-note.ts'

type Profile = Readonly<Record<string, unknown>>

/**
 * Takes back the notes by which the old tenant knows who has moved, by the application that wrote them.
 * A note that somebody has spoilt, so that its user can neither log in nor move, is taken away too.
 *
 * @throws {CommandError} `setting_missing`, `setting_invalid`. The first that is taken back
 *   `token_refused`, `scope_missing`, before anybody is asked about.
 */
export function connectOldTenantUnmarks(
  context: CommandContext,
): Pick<LegacyOperator, 'apiUrl' | 'unmark'> {
  const old = connectOldTenant({ ...context, env: withoutOperator(context.env) })
  const { connection, tenant } = old
  const manage = leaveRoom(tenant.manage, { signal: context.signal })
  const api = `${tenant.issuer}api/v2`
  let mayUnmark: Promise<void> | undefined
  const get = ({ url }: HttpRequest) => manage('GET', url.slice(`${api}/`.length))

  /** By id; or, since an account that is linked to another has no profile of its own, by a search. */
  async function find(legacyId: string): Promise<Profile | 'failed' | 'notFound'> {
    const byId = await get(readUserRequest(api, legacyId))
    if (byId.status === 200 && isObject(byId.body) && isOf(byId.body, legacyId)) return byId.body
    if (!isMissing(byId) && byId.status !== 200) return 'failed'
    const found = await get(holderRequest(api, legacyId, connection))
    if (found.status !== 200 || !Array.isArray(found.body)) return 'failed'
    return found.body.filter(isObject).find((one) => isOf(one, legacyId)) ?? 'notFound'
  }

  function isOf(profile: Profile, legacyId: string): boolean {
    return databaseIds(profile, connection).includes(legacyId)
  }

  return {
    apiUrl: tenant.domain,
    async unmark(legacyId, auth0UserId) {
      mayUnmark ??= assertOldTenantScopes(old, ['read:users', 'update:users_app_metadata'])
      await mayUnmark
      const found = await find(legacyId)
      if (typeof found === 'string') return found
      const note = isObject(found.app_metadata) ? found.app_metadata[movedKey] : undefined
      if (note === undefined) return 'unmarked'
      const of = isObject(note) ? note.auth0_user_id : undefined
      if (typeof of === 'string' && of !== auth0UserId) return 'migratedToAnother'
      const path = `users/${encodeURIComponent(String(found.user_id))}`
      // PATCH merges the first level of metadata, and null deletes a key.
      // https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
      const answer = await manage('PATCH', path, { app_metadata: { [movedKey]: null } })
      if (answer.status === 403) succeeded(answer, 'PATCH users of the old tenant')
      return answer.status === 200 ? 'unmarked' : isMissing(answer) ? 'notFound' : 'failed'
    },
  }
}

/** A gateway's 404 is no missing user: Auth0 says which it is. */
function isMissing({ body, status }: Answer): boolean {
  return status === 404 && isObject(body) && body.errorCode === 'inexistent_user'
}
