import { createPrivateKey, type JsonWebKey } from 'node:crypto'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose'

/** The tenant's key pair. Whoever is given this can sign, and cannot get at the private half. */
export interface SigningKeys {
  /** Public half, as `/.well-known/jwks.json` serves it. */
  readonly jwks: JSONWebKeySet
  /** @returns A compact JWT of `payload` and the `iat` and `exp` that `options` give it. */
  sign(payload: JWTPayload, options: SignOptions): Promise<string>
}

interface SignOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds. */
  readonly lifetime: number
  /** Default: RS256. */
  readonly signature?: Signature
  /** Of the header. Default: JWT. */
  readonly type?: string
}

/** By what a token is signed: the key pair serves all algorithms but HS256, which takes a secret. */
export type Signature =
  | { readonly alg: 'HS256'; readonly secret: Uint8Array }
  | { readonly alg: 'PS256' | 'RS256' | 'RS512' }

/**
 * The signature that the settings of an API or an application ask for. RS256 where they name no other,
 * and in the place of HS256 where there is no secret: nobody shall sign by a secret that anybody knows.
 */
// https://auth0.com/docs/get-started/applications/signing-algorithms
export function signatureOf(alg: unknown, secret: Uint8Array | null): Signature {
  if (alg === 'HS256' && secret !== null) return { alg, secret }
  return { alg: alg === 'PS256' || alg === 'RS512' ? alg : 'RS256' }
}

/** @returns A new RSA key, both halves. */
export async function newPrivateKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return exportJWK(privateKey)
}

/** @param privateKey An RSA key with both halves. Default: a new one, kept nowhere else. */
export async function createSigningKeys(privateKey?: JWK): Promise<SigningKeys> {
  const jwk = privateKey ?? (await newPrivateKey())
  const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const publicJwk = { kty: 'RSA', n: jwk.n ?? '', e: jwk.e ?? '' }
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    jwks: { keys: [{ ...publicJwk, kid, use: 'sig', alg: 'RS256' }] },
    sign(payload, { now, lifetime, signature = { alg: 'RS256' }, type: typ = 'JWT' }) {
      const issuedAt = Math.floor(now / 1000)
      const token = new SignJWT(payload)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
      const { alg } = signature
      return alg === 'HS256'
        ? token.setProtectedHeader({ alg, typ }).sign(signature.secret)
        : token.setProtectedHeader({ alg, typ, kid }).sign(key)
    },
  }
}
