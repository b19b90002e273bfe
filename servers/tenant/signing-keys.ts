import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'

/** The tenant's key pair. Whoever is given this can sign, and cannot get at the private half. */
export interface SigningKeys {
  /** Public half, as `/.well-known/jwks.json` serves it. */
  readonly jwks: JSONWebKeySet
  /** @returns A compact JWT, by RS256 where there is no secret, of `payload` and the `iat` and `exp` that `options` give it. */
  sign(payload: JWTPayload, options: SignOptions): Promise<string>
}

interface SignOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly lifetime: number
  /** An application's, or an API's: it signs by HS256 in the place of the key pair. */
  readonly secret?: string
  /** Of the header. Default: JWT. */
  readonly type?: string
}

/** @returns A new RSA key, both halves. */
export async function newPrivateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return exportJWK(privateKey)
}

/** @param privateKey An RSA key with both halves. Default: a new one, kept nowhere else. */
export async function createSigningKeys(privateKey?: JWK): Promise<SigningKeys> {
  const jwk = privateKey ?? (await newPrivateKey())
  const key = await importJWK(jwk, 'RS256')
  const publicJwk = { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' }
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    jwks: { keys: [{ ...publicJwk, kid, use: 'sig', alg: 'RS256' }] },
    sign(payload, { now, lifetime, secret, type: typ = 'JWT' }) {
      const issuedAt = Math.floor(now / 1000)
      const token = new SignJWT(payload)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
      if (secret === undefined) {
        return token.setProtectedHeader({ alg: 'RS256', typ, kid }).sign(key)
      }
      const bytes = new TextEncoder().encode(secret)
      return token.setProtectedHeader({ alg: 'HS256', typ }).sign(bytes)
    },
  }
}
