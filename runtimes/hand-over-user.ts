import type { LegacyUser } from '../core/legacy-user.ts'
import { handOverClaim, oldTenantUser } from '../core/old-tenant-user.ts'
import { utf8Length } from '../core/utf8-length.ts'
import type { PostLoginAction } from './action.ts'

/** The member of `client_metadata` that tells the migration's own application from all others. */
const clientMark = 'hand_over_users'

/** The grant of the login script: no browser, so that nobody's session and nobody's page is touched. */
const protocol = 'oauth2-password'

/**
 * Bytes of JSON. Auth0 issues no token with more than 100 KB of custom claims, and other Actions may have
 * some; a new profile takes a fifth of this.
 * https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
const maxUserBytes = 50_000

/** Bytes of JSON. With more of these members no profile fits, and they are left out of it. */
const maxTextBytes = 8_500
const texts = ['phone_number', 'name', 'given_name', 'family_name', 'nickname', 'picture']

/**
 * Hands a user over to the tenant that they move to: by the ID token, which only the migration's own
 * application is given, and only for a password that was right.
 *
 * Nothing is written here. That a user has moved is noted once they exist in the new tenant, and not
 * before: a login there may still fail.
 */
export function handOverUser(): PostLoginAction {
  return async function onExecutePostLogin(event, api) {
    // It runs at every login of a tenant in use, and whatever it throws denies one.
    if (event.client.metadata?.[clientMark] !== 'true') return
    if (event.transaction?.protocol !== protocol) return
    const user = oldTenantUser(event.user, { connection: event.connection.name })
    // Without the claim the login script would say that this Action is missing: it is not, but the user
    // has two accounts of the connection, or a note of their move that nobody can read.
    api.idToken.setCustomClaim(handOverClaim, user === null ? false : withinToken(user))
  }
}

/**
 * What the new tenant could not keep must not keep its user out. It goes as `toAuth0Profile` lets it go, so
 * that login and get_user hand over one profile: a picture in a `data:` URL before anybody's metadata.
 */
function withinToken(user: LegacyUser): LegacyUser {
  if (bytesOf(user) <= maxUserBytes) return user
  const small = bytesOf(textsOf(user)) <= maxTextBytes ? user : withoutTexts(user)
  if (bytesOf(small) <= maxUserBytes) return small
  return { ...small, app_metadata: {}, user_metadata: {}, metadata_left_behind: true }
}

function bytesOf(value: object): number {
  return utf8Length(JSON.stringify(value))
}

function textsOf(user: LegacyUser): object {
  return texts.map((name) => user[name])
}

function withoutTexts(user: LegacyUser): LegacyUser {
  const left = Object.entries(user).filter(([name]) => !texts.includes(name))
  return Object.fromEntries(left) as LegacyUser
}
