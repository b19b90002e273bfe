import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { type JWTPayload, SignJWT } from 'jose'
import type { ProbeContext } from './context.ts'
import type { TokenAnswer } from './logins.ts'

/** An application that proves by a key who it is, and may have tokens for an API of the probe’s. */
export interface KeyedApplication {
  readonly client_id: string
  /** A client assertion that is right, but for these claims, by its own key unless told. */
  assertion(claims?: JWTPayload, key?: KeyObject): Promise<string>
  /** Asks for a token with a client assertion. */
  ask(assertion: string): Promise<TokenAnswer>
}

export function newKeyPair() {
  return generateKeyPairSync('rsa', { modulusLength: 2_048 })
}

export function publicCredential(publicKey: KeyObject) {
  const pem = publicKey.export({ format: 'pem', type: 'spki' })
  return { credential_type: 'public_key', alg: 'RS256', pem }
}

export async function keyedApplication(context: ProbeContext): Promise<KeyedApplication> {
  const { api, application, grant, issuer, token } = context
  const { privateKey, publicKey } = newKeyPair()
  const machine = await application({
    token_endpoint_auth_method: undefined,
    client_authentication_methods: {
      private_key_jwt: { credentials: [publicCredential(publicKey)] },
    },
  })
  const audience = await api()
  await grant(machine, audience, ['read:things'])
  const { client_id } = machine
  return {
    client_id,
    assertion(claims, key = privateKey) {
      const iat = Math.floor(Date.now() / 1_000)
      const names = { iss: client_id, sub: client_id, aud: issuer, jti: randomUUID() }
      return new SignJWT({ ...names, iat, exp: iat + 60, ...claims })
        .setProtectedHeader({ alg: 'RS256' })
        .sign(key)
    },
    ask: (client_assertion) =>
      token(machine, {
        grant_type: 'client_credentials',
        audience,
        client_secret: undefined,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion,
      }),
  }
}
