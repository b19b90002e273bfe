import type { TokenServices } from '../services.ts'
import type { JsonObject, ResourceServer } from '../state.ts'

/** What an access token says of whom it was issued to, in whatever dialect. */
export interface ApiTokenFacts {
  readonly clientId: string
  /** Value of `gty`, where the grant has one. */
  readonly grantType: string | null
  /** All that a person has for the API, asked for or not; a machine’s are its scopes. */
  readonly permissions: readonly string[]
}

/**
 * The access token for an API: in the API's `token_dialect`, and by its own secret where its
 * `signing_alg` is HS256. Others are not done here: such an API has tokens of RS256.
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
  const { signing_alg, signing_secret, token_dialect, token_lifetime: lifetime } = api
  const dialect = typeof token_dialect === 'string' ? token_dialect : 'access_token'
  const isRfc9068 = dialect.startsWith('rfc9068_profile')
  const party = isRfc9068
    ? { client_id: clientId }
    : { azp: clientId, ...(grantType !== null && { gty: grantType }) }
  return keys.sign(
    { ...claims, ...party, ...(dialect.endsWith('_authz') && { permissions }) },
    {
      ...{ now: tenant.now(), lifetime, type: isRfc9068 ? 'at+jwt' : 'JWT' },
      ...(signing_alg === 'HS256' && { secret: String(signing_secret) }),
    },
  )
}
