import type { TokenServices } from '../services.ts'
import { type Signature, signatureOf } from '../signing-keys.ts'
import type { Client, JsonObject, User } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { isPublic } from './authenticate-client.ts'
import type { GrantedLogin } from './login-state.ts'
import { organizationClaims } from './organization-request.ts'
import { userClaims } from './user-claims.ts'

/** Seconds, where the application says nothing. https://auth0.com/docs/secure/tokens */
const defaultLifetime = 36_000

/** The ID token of a login, signed as the application's `jwt_configuration` says. */
export function signIdToken(
  { tenant, keys }: TokenServices,
  client: Client,
  login: GrantedLogin,
  user: User,
): Promise<string> {
  const { lifetime_in_seconds: seconds } = settingsOf(client)
  return keys.sign(
    {
      ...userClaims(user, login.scopes),
      ...login.idTokenClaims,
      iss: tenant.issuer,
      sub: login.userId,
      aud: login.clientId,
      ...organizationClaims(tenant, login.organizationId),
      ...(login.tellsAuthTime && { auth_time: Math.floor(login.authenticatedAt / 1000) }),
      ...(login.sessionId !== null && { sid: login.sessionId }),
      ...(login.nonce !== null && { nonce: login.nonce }),
    },
    {
      now: tenant.now(),
      lifetime: typeof seconds === 'number' ? seconds : defaultLifetime,
      signature: idTokenSignature(client),
    },
  )
}

/** HS256 of an application that can keep no secret is passed over. */
// https://auth0.com/docs/get-started/applications/confidential-and-public-applications
export function idTokenSignature(client: Client): Signature {
  const { alg, secret_encoded } = settingsOf(client)
  const { client_secret: secret } = client
  if (isPublic(client) || typeof secret !== 'string') return signatureOf(alg, null)
  return signatureOf(alg, Buffer.from(secret, secret_encoded === true ? 'base64url' : 'utf8'))
}

/** One that the API has made has settings, and by HS256 where nobody has named an algorithm in them. */
// https://auth0.com/docs/api/management/v2/clients/post-clients
function settingsOf({ jwt_configuration: settings }: Client): JsonObject {
  return isObject(settings) ? { alg: 'HS256', ...settings } : {}
}
