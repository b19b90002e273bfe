import { handOverClaim, oldTenantUser } from '../core/old-tenant-user.ts'
import type { PostLoginAction } from './action.ts'

/** The member of `client_metadata` that tells the migration's own application from all others. */
const clientMark = 'hand_over_users'

/** The grant of the login script: no browser, so that nobody's session and nobody's page is touched. */
const protocol = 'oauth2-password'

/**
 * Hands a user over to the tenant that they move to: by the ID token, which only the migration's own
 * application is given, and only for a password that was right.
 *
 * Nothing is written here. That a user has moved is noted once they exist in the new tenant, and not
 * before: a login there may still fail.
 */
export function handOverUser(): PostLoginAction {
  return async function onExecutePostLogin(event, api) {
    if (event.client.metadata[clientMark] !== 'true') return
    if (event.transaction?.protocol !== protocol) return
    const user = oldTenantUser(event.user, { connection: event.connection.name })
    // Without the claim the login script would say that this Action is missing: it is not, but the user
    // has two accounts of the connection, or a note of their move that nobody can read.
    api.idToken.setCustomClaim(handOverClaim, user ?? false)
  }
}
