/** The slice of a user profile that the steps of a login read. Rules may leave metadata undefined. */
export interface LoginUser {
  readonly user_id?: string | undefined
  readonly created_at?: unknown
  readonly app_metadata?: { readonly [key: string]: unknown } | undefined
  readonly user_metadata?: { readonly [key: string]: unknown } | undefined
  readonly identities?: readonly LoginIdentity[] | undefined
}

export interface LoginIdentity {
  readonly connection?: unknown
  readonly provider?: unknown
  readonly user_id?: unknown
}

export interface LegacyIdentity {
  readonly legacyId: string
  /** False when the legacy account is linked to another one, which then carries the metadata. */
  readonly primary: boolean
}

/** How a user of the legacy store is told from one who signed up. */
export interface IdentityRule {
  readonly connection: string
  readonly idPrefix: string
  readonly acceptedPrefixes?: readonly string[]
}

/**
 * Finds the legacy account behind a login: a database identity of the configured connection with a
 * recognised prefix, linked ones included. Another connection may well use the same ids.
 */
export function findLegacyIdentity(user: LoginUser, rule: IdentityRule): LegacyIdentity | null {
  for (const identity of Array.isArray(user.identities) ? user.identities : []) {
    const { connection, provider, user_id: id } = identity ?? {}
    if (connection !== rule.connection || provider !== 'auth0' || typeof id !== 'string') continue
    const legacyId = withoutPrefix(id, rule)
    if (legacyId === null) continue
    return { legacyId, primary: user.user_id === `auth0|${id}` }
  }
  return null
}

/** True for the user whose own id is this legacy id behind the prefix: nearly everybody. */
export function isPrimaryIdentity(
  user: LoginUser,
  { idPrefix }: IdentityRule,
  legacyId: unknown,
): boolean {
  return typeof legacyId === 'string' && user.user_id === `auth0|${idPrefix}${legacyId}`
}

/** The longest prefix that fits wins, so that `''` among them takes only what no other does. */
function withoutPrefix(id: string, rule: IdentityRule): string | null {
  const [prefix] = [rule.idPrefix, ...(rule.acceptedPrefixes ?? [])]
    .filter((prefix) => id.startsWith(prefix))
    .sort((a, b) => b.length - a.length)
  const legacyId = prefix === undefined ? '' : id.slice(prefix.length)
  return isLegacyId(legacyId) ? legacyId : null
}

/**
 * True for an id that one path segment of a URL can carry. `.` and `..` vanish from paths, and half
 * a surrogate pair cannot be percent-encoded. At most 255 characters, as the contract has it.
 */
export function isLegacyId(id: unknown): id is string {
  if (typeof id !== 'string' || id === '' || id.length > 255) return false
  return id !== '.' && id !== '..' && !/[\ud800-\udfff]/u.test(id)
}
