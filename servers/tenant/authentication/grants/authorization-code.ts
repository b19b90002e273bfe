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
  const response = await issueTokens(services, client, login, null)
  if (!login.scopes.includes('offline_access')) return response
  const refresh_token = createRefreshToken(services.tenant, client, login, familyId)
  return { ...response, refresh_token }
}
