import type { ClaimConfig } from './migration-config.ts'
import { defaultClaimsBudget } from './migration-config.ts'
import { isPlainObject, type PlainObject } from './plain-object.ts'
import { utf8Length } from './utf8-length.ts'

/** A claim ready for use at every login: nothing is split or joined there. */
export interface Claim {
  /** Namespaced. */
  readonly name: string
  /** Bytes of `name`. */
  readonly nameBytes: number
  readonly root: 'app_metadata' | 'user_metadata'
  readonly keys: readonly string[]
  readonly id: boolean
  readonly access: boolean
}

export interface ClaimSource {
  readonly app_metadata?: PlainObject | undefined
  readonly user_metadata?: PlainObject | undefined
}

/** Where claims go: Auth0's `idToken` and `accessToken` have this shape in Actions. */
export interface ClaimTarget {
  setCustomClaim(name: string, value: unknown): unknown
}

/**
 * True for a namespace under which Auth0 lets claims through: https, ending in `/`, not a domain of
 * Auth0's own (such claims are dropped without a word).
 *
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims
 */
export function isClaimNamespace(namespace: string): boolean {
  const host = /^https:\/\/([^\s/?#@:\\]+)(?::\d+)?\/(?:[^\s?#\\]*\/)?$/i.exec(namespace)?.[1]
  return host !== undefined && !/(^|\.)(auth0\.com|webtask\.(io|run))$/i.test(host)
}

/** Joins and splits once what every login of the instance uses. */
export function prepareClaims(claims: readonly ClaimConfig[], namespace: string): readonly Claim[] {
  return claims.map(({ name, path, tokens }) => {
    const [root, ...keys] = path.split('.')
    return {
      name: namespace + name,
      nameBytes: utf8Length(namespace + name),
      root: root === 'user_metadata' ? 'user_metadata' : 'app_metadata',
      keys,
      id: tokens.includes('id'),
      access: tokens.includes('access'),
    }
  })
}

/**
 * Sets the claims whose values are there. A claim that would take its token over the budget is left
 * out, later and smaller ones are not.
 *
 * @param budget Bytes of JSON for the claims of one token.
 * @returns How many claims were left out.
 */
export function setClaims(
  claims: readonly Claim[],
  user: ClaimSource,
  idToken: ClaimTarget,
  accessToken: ClaimTarget,
  budget: number = defaultClaimsBudget,
): number {
  let idLeft = budget
  let accessLeft = budget
  let leftOut = 0
  for (const claim of claims) {
    const value = valueAt(user[claim.root], claim.keys)
    if (value === undefined || value === null) continue
    const bytes = claim.nameBytes + sizeOf(value)
    const fitsId = !claim.id || bytes <= idLeft
    const fitsAccess = !claim.access || bytes <= accessLeft
    if (!fitsId || !fitsAccess) leftOut += 1
    if (claim.id && fitsId) {
      idLeft -= bytes
      idToken.setCustomClaim(claim.name, value)
    }
    if (claim.access && fitsAccess) {
      accessLeft -= bytes
      accessToken.setCustomClaim(claim.name, value)
    }
  }
  return leftOut
}

function valueAt(metadata: PlainObject | undefined, keys: readonly string[]): unknown {
  let value: unknown = metadata
  for (const key of keys) {
    if (!isPlainObject(value) || !Object.hasOwn(value, key)) return undefined
    value = value[key]
  }
  return value
}

/** Bytes of JSON, quotes, colon and comma of the member included; for short text an upper bound will do. */
function sizeOf(value: unknown): number {
  const punctuation = 6
  // An escape like \u0000 is six characters: the most that one of JavaScript's can become.
  if (typeof value === 'string' && value.length < 64) return punctuation + value.length * 6
  if (typeof value === 'boolean' || typeof value === 'number') return punctuation + 24
  return punctuation + utf8Length(JSON.stringify(value))
}
