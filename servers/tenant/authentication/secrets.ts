import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits of randomness in base64url: a code, a token, a cookie or an id. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What is kept in place of a secret. A map is searched by digest, so that the time of a look-up
 * tells nothing about the secrets in it.
 */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Compares without telling by its time how much was right. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(one).digest(),
    createHash('sha256').update(other).digest(),
  )
}
