import type { TokenServices } from '../../services.ts'
import type { Client } from '../../state.ts'
import { takeCode } from '../codes.ts'
import { issueTokens, type TokenResponse } from '../issue-tokens.ts'
import { type Parameters, required } from '../parameters.ts'
import { createRefreshToken } from '../refresh-tokens.ts'

/** The Actions ran before the code was issued; here is only paid out what they let pass. */
export async function authorizationCodeGrant(
  services: TokenServices,
  client: Client,
  parameters: Parameters,
): Promise<TokenResponse> {
  const { login, familyId } = takeCode(services.tenant, client, {
    code: required(parameters, 'code'),
    redirectUri: parameters.redirect_uri,
    codeVerifier: parameters.code_verifier,
  })
  // Made before anything is awaited: a second use of the code in the meantime has to find and end it.
  const refreshToken = login.scopes.includes('offline_access')
    ? createRefreshToken(services.tenant, client, login, familyId)
    : null
  return issueTokens(services, client, login, refreshToken)
}
