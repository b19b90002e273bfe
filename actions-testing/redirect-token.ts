import { createHmac, timingSafeEqual } from 'node:crypto'

type Claims = Readonly<Record<string, unknown>>

/** A JWT signed with HS256. */
export function signToken(claims: Claims, secret: string): string {
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${content}.${signature(content, secret).toString('base64url')}`
}

/**
 * @param now Milliseconds since the Unix epoch.
 * @returns The claims.
 * @throws {Error} When it is no JWT, of another algorithm, not signed with `secret`, or expired.
 */
export function verifyToken(token: string, secret: string, now: number): Claims {
  const [header = '', payload = '', given = ''] = token.split('.')
  if (decode(header)?.alg !== 'HS256') throw new Error('The session token is not signed by HS256')
  const bytes = Buffer.from(given, 'base64url')
  const expected = signature(`${header}.${payload}`, secret)
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) {
    throw new Error('The signature of the session token does not match')
  }
  const claims = decode(payload)
  if (claims === null) throw new Error('The session token holds no claims')
  const { exp } = claims
  if (typeof exp === 'number' && exp * 1000 <= now) throw new Error('The session token has expired')
  return claims
}

function signature(content: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(content).digest()
}

function encode(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Claims) : null
  } catch {
    return null
  }
}
