/**
 * What the kit is measured against: one Action that does by hand what backfill and mark do, as public
 * samples of Actions do it. A client of Auth0's SDK for each login, a token for each login, axios
 * without a timeout, no repeated attempt, and whatever goes wrong is thrown, which fails the login.
 */

import { AuthenticationClient } from 'auth0'
import axios from 'axios'
import type { Event, PostLoginAPI } from '../../actions-testing/types/post-login/v3.ts'

export async function onExecutePostLogin(
  event: Event,
  api: Pick<PostLoginAPI, 'user'>,
): Promise<void> {
  const { user, secrets } = event
  if (user.app_metadata.migrated === true) return

  const auth0 = new AuthenticationClient({
    domain: secrets.AUTH0_DOMAIN ?? '',
    clientId: secrets.LEGACY_ACTIONS_CLIENT_ID ?? '',
    clientSecret: secrets.LEGACY_ACTIONS_CLIENT_SECRET ?? '',
  })
  const { data: token } = await auth0.oauth.clientCredentialsGrant({
    audience: secrets.LEGACY_API_AUDIENCE ?? '',
  })
  const legacyApi = axios.create({
    baseURL: secrets.LEGACY_API_URL ?? '',
    headers: { authorization: `Bearer ${token.access_token}` },
  })
  const legacyId = user.user_id.split('|').at(-1)

  if (Object.keys(user.user_metadata).length === 0) {
    const { data: legacyUser } = await legacyApi.get(`/v1/users/${legacyId}`)
    for (const [key, value] of Object.entries(legacyUser.app_metadata)) {
      api.user.setAppMetadata(key, value)
    }
    for (const [key, value] of Object.entries(legacyUser.user_metadata)) {
      api.user.setUserMetadata(key, value as string)
    }
  }

  await legacyApi.put(`/v1/users/${legacyId}/migration`, {
    auth0_user_id: user.user_id,
    migrated_at: new Date().toISOString(),
    metadata: 'complete',
  })
  api.user.setAppMetadata('migrated', true)
}
