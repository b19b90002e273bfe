import type { TokenServices } from '../services.ts'
import { type Signature, signatureOf } from '../signing-keys.ts'
import type { JsonObject, ResourceServer } from '../state.ts'

/** What an access token says of whom it was issued to, in whatever dialect. */
export interface ApiTokenFacts {
  readonly clientId: string
  /** Value of `gty`, where the grant has one. */
  readonly grantType: string | null
  /** All that a person has for the API, asked for or not; a machine’s are its scopes. Not of every dialect. */
  readonly permissions: () => readonly string[]
}

/**
 * The access token for an API: in the API's `token_dialect`, and signed by its `signing_alg`, which is
 * HS256 with the API's own secret.
 *
 * @param claims Whatever the dialect.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/access-token-profiles
 */
export function signApiToken(
  { keys, tenant }: TokenServices,
  api: ResourceServer,
  { clientId, grantType, permissions }: ApiTokenFacts,
  claims: JsonObject,
): Promise<string> {
  const { token_dialect, token_lifetime: lifetime } = api
  const dialect = typeof token_dialect === 'string' ? token_dialect : 'access_token'
  const isRfc9068 = dialect.startsWith('rfc9068_profile')
  const party = isRfc9068
    ? { client_id: clientId }
    : { azp: clientId, ...(grantType !== null && { gty: grantType }) }
  return keys.sign(
    { ...claims, ...party, ...(dialect.endsWith('_authz') && { permissions: permissions() }) },
    {
      now: tenant.now(),
      lifetime,
      signature: apiSignature(api),
      type: isRfc9068 ? 'at+jwt' : 'JWT',
    },
  )
}

export function apiSignature({ signing_alg, signing_secret: secret }: ResourceServer): Signature {
  return signatureOf(signing_alg, typeof secret === 'string' ? Buffer.from(secret) : null)
}
