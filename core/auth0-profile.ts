import type { MigrationErrorCode } from './errors.ts'
import { type IdentityRule, isLegacyId } from './legacy-identity.ts'
import type { LegacyUser } from './legacy-user.ts'
import { cleanAppMetadata, cleanUserMetadata } from './metadata.ts'
import { isPlainObject, type PlainObject } from './plain-object.ts'
import { backfillStamp, stampKey } from './stamp.ts'

/** What the connection and the config ask of a profile. */
export interface ProfileRule extends IdentityRule {
  readonly requiresUsername?: boolean
  readonly allowMissingMfa?: boolean
}

/** A profile as login and get_user hand it over, or why there can be none. */
export type ProfileResult =
  /** `warning`: what the operator should hear of, though the user gets in. */
  | {
      readonly type: 'profile'
      readonly profile: PlainObject
      readonly warning?: MigrationErrorCode
    }
  | { readonly type: 'refused'; readonly code: MigrationErrorCode }

/**
 * What the mapper asks of metadata and profiles. An import has its own ways to the same answers: it
 * asks a million times.
 */
export interface ProfileChecks {
  /**
   * Says of each profile that it could be whether it is small enough; the one that becomes it is asked
   * about last.
   */
  readonly fits: (profile: PlainObject) => boolean
  readonly cleanAppMetadata: (metadata: PlainObject) => PlainObject | null
  readonly cleanUserMetadata: (metadata: PlainObject) => PlainObject | null
}

/**
 * Bytes of JSON. Auth0 caps a profile at "10 KB", of which the smaller reading is 10,000. A tenth is left
 * for what comes to it afterwards: the mark of the same login, and Auth0's own identities, dates,
 * nickname and picture. A write that Auth0 refuses would be refused at every login.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
 */
export const maxProfileBytes = 9_000

/** Members that pass as they are when they are strings. An absent or empty one is left out: Auth0 would store `''`. */
const textMembers = [
  ...['phone_number', 'name', 'given_name', 'family_name', 'nickname', 'picture'],
] as const

/**
 * Makes the Auth0 profile of a legacy user: the one mapper of login, get_user and the bulk import, so
 * that a user is the same user by whichever way they come.
 *
 * The stamp is handed over with the metadata: where it arrives, they did. Metadata that would take
 * the profile over Auth0's limit stay behind, and the stamp says so; names and picture do where they
 * alone would (a picture may be a `data:` URL).
 *
 * @param at ISO 8601, of the stamp.
 * @param checks Default: those of login and get_user.
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/templates/login
 */
export function toAuth0Profile(
  user: LegacyUser,
  rule: ProfileRule,
  at: string,
  checks: ProfileChecks = { fits: fitsAuth0, cleanAppMetadata, cleanUserMetadata },
): ProfileResult {
  if (user.blocked === true) return refused('legacy_user_blocked')
  const email = validEmail(user.email)
  const username = nonEmpty(user.username)?.toLowerCase()
  const unusable = email === null || (rule.requiresUsername === true && username === undefined)
  if (unusable || !isLegacyId(user.legacy_id)) return refused('legacy_user_unusable')
  const factors = portableFactors(user.mfa_factors)
  if (user.mfa_required === true && factors.length === 0 && rule.allowMissingMfa !== true) {
    return refused('legacy_user_needs_mfa')
  }
  const identity = {
    user_id: rule.idPrefix + user.legacy_id,
    email,
    email_verified: user.email_verified,
    ...(username === undefined ? {} : { username }),
    ...(typeof user.phone_verified === 'boolean' ? { phone_verified: user.phone_verified } : {}),
    ...(factors.length === 0 ? {} : { mfa_factors: factors }),
  }
  return withinLimit({ identity, texts: textsOf(user) }, user, at, checks)
}

/** Nearly every profile fits whole: what else it could be is found out only where it does not. */
function withinLimit(
  { identity, texts }: { readonly identity: PlainObject; readonly texts: PlainObject },
  user: LegacyUser,
  at: string,
  checks: ProfileChecks,
): ProfileResult {
  const { fits } = checks
  const appMetadata = checks.cleanAppMetadata(user.app_metadata)
  const userMetadata = checks.cleanUserMetadata(user.user_metadata)
  if (appMetadata === null || userMetadata === null) return refused('legacy_api_invalid_response')
  const tooLarge = backfillStamp(undefined, user.legacy_id, 'too-large', at)
  const bare = { app_metadata: { [stampKey]: tooLarge }, user_metadata: {} }
  const stamp = backfillStamp(undefined, user.legacy_id, 'arrived', at)
  const metadata = user.metadata_left_behind
    ? bare
    : { app_metadata: { ...appMetadata, [stampKey]: stamp }, user_metadata: userMetadata }
  const profile = { ...identity, ...texts, ...metadata }
  if (metadata !== bare && fits(profile)) return { type: 'profile', profile }
  // Metadata go first; names and picture only where they are what is too large.
  const fitting = [
    { ...identity, ...texts, ...bare },
    { ...identity, ...metadata },
    { ...identity, ...bare },
  ].find(fits)
  if (fitting === undefined) return refused('legacy_user_unusable')
  return { type: 'profile', profile: fitting, warning: 'profile_too_large' }
}

/** What a byte beyond the first of UTF-8, or a reserved character, becomes in a URI. */
const escaped = /%../g

/**
 * True for a profile that Auth0 stores. JSON.stringify leaves no lone surrogate that could not be
 * encoded. Slower than `utf8Length` and shorter: no login of a user who is done comes here.
 */
export function fitsAuth0(profile: PlainObject): boolean {
  return encodeURIComponent(JSON.stringify(profile)).replace(escaped, '.').length <= maxProfileBytes
}

function refused(code: MigrationErrorCode): ProfileResult {
  return { type: 'refused', code }
}

/** One `@` with something on both sides, no space or control character: the rest is Auth0's to judge. */
function validEmail(email: unknown): string | null {
  if (typeof email !== 'string' || email.length > 254) return null
  return /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email) ? email.toLowerCase() : null
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsOf(user: LegacyUser): PlainObject {
  const texts: Record<string, string> = {}
  for (const member of textMembers) {
    const text = nonEmpty(user[member])
    if (text !== undefined) texts[member] = text
  }
  return texts
}

/**
 * The second factors that Auth0 can take over, at most ten, one kind each, nothing else in them.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
 */
function portableFactors(factors: unknown): readonly PlainObject[] {
  return Array.isArray(factors) ? factors.flatMap(portableFactor).slice(0, 10) : []
}

function portableFactor(factor: unknown): readonly PlainObject[] {
  if (!isPlainObject(factor)) return []
  const kinds = Object.entries(factor)
  const [kind, settings] = kinds[0] ?? []
  if (kinds.length !== 1 || !isPlainObject(settings)) return []
  const { secret, value } = settings
  if (kind === 'totp' && matches(secret, /^[A-Z2-7]{1,256}$/)) return [{ totp: { secret } }]
  if (kind === 'phone' && matches(value, /^\+[0-9]{1,15}$/)) return [{ phone: { value } }]
  return kind === 'email' && validEmail(value) !== null ? [{ email: { value } }] : []
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}
