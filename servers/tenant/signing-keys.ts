import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
} from 'jose'

/** The tenant's key pair: it lives as long as the process, and the private half never leaves it. */
export interface SigningKeys {
  /** Public half, as `/.well-known/jwks.json` serves it. */
  readonly jwks: JSONWebKeySet
  /** @returns A compact RS256 JWT of `payload` and the `iat` and `exp` that `options` give it. */
  sign(payload: JWTPayload, options: SignOptions): Promise<string>
}

interface SignOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly lifetime: number
}

export async function createSigningKeys(): Promise<SigningKeys> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    jwks: { keys: [{ ...jwk, kid, use: 'sig', alg: 'RS256' }] },
    sign(payload, { now, lifetime }) {
      const issuedAt = Math.floor(now / 1000)
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .sign(privateKey)
    },
  }
}
