import { importPKCS8, SignJWT } from 'jose'
import type { ClientAuthentication } from '../core/access-token.ts'

/** Credentials are settings that hold a private key (RSA, PKCS#8 as PEM). Twin of `client-secret.ts`. */
export const actionsClient = {
  id: 'LEGACY_ACTIONS_CLIENT_ID',
  credential: 'LEGACY_ACTIONS_PRIVATE_KEY',
}
export const scriptsClient = {
  id: 'LEGACY_SCRIPTS_CLIENT_ID',
  credential: 'LEGACY_SCRIPTS_PRIVATE_KEY',
}

/** Seconds. An assertion is for one use; Auth0 recommends a minute and takes five at most. */
const lifetime = 60

/**
 * Auth0's method `private_key_jwt` (RFC 7523): the key never leaves the runtime, what is sent is good
 * for one request.
 *
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt
 */
export const clientProof: ClientAuthentication = async (settings, now) => {
  const { client, clientId, credential, tokenUrl } = settings
  const issuedAt = Math.floor(now / 1_000)
  try {
    const key = await importPKCS8(withLineBreaks(credential), 'RS256')
    const assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(new URL('/', tokenUrl).href)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetime)
      .sign(key)
    return {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }
  } catch {
    // The message of what was thrown is about the key: only the setting's name is told.
    return { type: 'outage', code: 'setting_invalid', settings: [client.credential] }
  }
}

/** On its way through environment variables and YAML a line break often becomes the text `\n`. */
function withLineBreaks(pem: string): string {
  return pem.replaceAll('\\n', '\n')
}
