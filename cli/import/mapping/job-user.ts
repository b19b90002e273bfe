import {
  fitsAuth0,
  maxProfileBytes,
  type ProfileRule,
  toAuth0Profile,
} from '../../../core/auth0-profile.ts'
import { isLegacyUser, type LegacyUser } from '../../../core/legacy-user.ts'
import {
  cleanAppMetadata,
  cleanUserMetadata,
  isStorableAppMetadata,
  isStorableUserMetadata,
} from '../../../core/metadata.ts'
import { isPlainObject, type PlainObject } from '../../../core/plain-object.ts'
import { readStamp, stampKey } from '../../../core/stamp.ts'
import { faultOfRow } from '../checks/legacy-row.ts'
import { fault, profileLimit, type RowFault } from '../checks/row-fault.ts'
import { readRow } from './read-row.ts'
import { passwordOf, type RowPassword } from './row-password.ts'
import type { RowRules } from './row-rules.ts'

/** What becomes of a row. */
export type PreparedRow =
  | { readonly type: 'user'; readonly user: JobUser }
  /** Marked in the legacy store: in Auth0 already. */
  | { readonly type: 'migrated' }
  | { readonly type: 'dead'; readonly fault: RowFault }

/** A user as the schema of job files has it. */
export interface JobUser {
  /** Without `auth0|`: https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
  readonly userId: string
  /** In lower case, as is the username. */
  readonly email: string
  readonly username?: string | undefined
  readonly json: string
}

/**
 * Makes the user of a job file out of a row: checked, and mapped by the mapper of login and get_user.
 *
 * Where login may leave something behind, since the user has to get in now, a row is refused unless
 * the operator has said so: it can be mended.
 */
export function prepareRow(text: string, rules: RowRules): PreparedRow {
  const read = readRow(text, rules)
  if ('fault' in read) return { type: 'dead', fault: read.fault }
  const { row, profile, hasStamp = false } = read
  const wrong = faultOfRow(row)
  if (wrong !== null) return { type: 'dead', fault: wrong }
  const user = legacyUserOf(row)
  if (user === null) {
    return dead('migrated_at_invalid', 'migrated_at has to be an ISO 8601 instant, or null')
  }
  if (user.migrated_at !== null) return { type: 'migrated' }
  const password = passwordOf(row, rules)
  if ('fault' in password) return { type: 'dead', fault: password.fault }
  const members = row.blocked === true ? { blocked: true, ...password.members } : password.members
  return mapped(user, profile, { members, rules, hasStamp })
}

/** Nearly all metadata can be stored whole: a copy of each would be half of what there is to collect. */
const uncopied = {
  cleanAppMetadata: (metadata: PlainObject) =>
    isStorableAppMetadata(metadata) ? metadata : cleanAppMetadata(metadata),
  cleanUserMetadata: (metadata: PlainObject) =>
    isStorableUserMetadata(metadata) ? metadata : cleanUserMetadata(metadata),
}

function mapped(
  user: LegacyUser,
  rule: ProfileRule,
  {
    rules,
    members,
    hasStamp,
  }: RowPassword & { readonly rules: RowRules; readonly hasStamp: boolean },
): PreparedRow {
  let json = ''
  const fits = (profile: PlainObject) => {
    json = JSON.stringify(profile)
    // A unit of UTF-16 takes one to three bytes: nearly no profile needs counting.
    if (json.length > maxProfileBytes) return false
    return json.length * 3 <= maxProfileBytes || fitsAuth0(profile)
  }
  const result = toAuth0Profile(user, rule, rules.at, { ...uncopied, fits })
  if (result.type === 'refused') return { type: 'dead', fault: faultOfRefusal(result.code) }
  const { profile, warning } = result
  if (warning !== undefined && !rules.dropLargeMetadata) {
    return dead('profile_too_large', `would be a profile over ${profileLimit}`)
  }
  // Metadata that stay behind as a whole are told by the stamp.
  if (warning === undefined && !rules.dropForbiddenKeys && losesKeys(user, profile)) {
    const message = 'metadata have a key that Auth0 forbids: --drop-forbidden-keys leaves it behind'
    return dead('metadata_key_forbidden', message)
  }
  const stamped = hasStamp ? JSON.stringify(withOwnStamp(user, profile, rules)) : json
  const { user_id: userId, email, username } = profile as unknown as ProfileIds
  return { type: 'user', user: { userId, email, username, json: joined(stamped, members) } }
}

interface ProfileIds {
  readonly user_id: string
  readonly email: string
  readonly username?: string
}

/** The profile with more members, without writing all of it anew. */
function joined(profile: string, more: PlainObject): string {
  const members = JSON.stringify(more)
  return members === '{}' ? profile : `${profile.slice(0, -1)},${members.slice(1)}`
}

/**
 * Login refuses a blocked user, and so does the mapper. Here the block comes along: without the user
 * the address would be free, for anybody, as soon as the legacy store is not asked any more.
 */
function legacyUserOf(row: PlainObject): LegacyUser | null {
  // Nearly every row is whole: a copy of each would be the most of what there is to collect.
  if (row.blocked !== true && isLegacyUser(row)) return row
  const user = {
    ...row,
    email_verified: row.email_verified ?? false,
    app_metadata: row.app_metadata ?? {},
    user_metadata: row.user_metadata ?? {},
    migrated_at: row.migrated_at ?? null,
    blocked: false,
  }
  return isLegacyUser(user) ? user : null
}

function faultOfRefusal(code: string): RowFault {
  if (code === 'legacy_user_needs_mfa') {
    const message = 'asks for a second factor and has none that Auth0 can take over'
    return fault('mfa_not_portable', message)
  }
  if (code === 'legacy_api_invalid_response') {
    return fault('app_metadata_invalid', 'metadata are nested too deep')
  }
  return fault(
    'username_invalid',
    'has no username, which the connection requires, or is too large',
  )
}

/** True when the mapper has left a key behind, on any level; our own stamp is no loss. */
function losesKeys(user: LegacyUser, profile: PlainObject): boolean {
  return (
    hasMoreKeys(user.user_metadata, profile.user_metadata) ||
    hasMoreKeys(user.app_metadata, profile.app_metadata, stampKey)
  )
}

function hasMoreKeys(before: unknown, after: unknown, except?: string): boolean {
  if (typeof before !== 'object' || before === null || before === after) return false
  const [all, rest] = [before as PlainObject, after as PlainObject]
  for (const key of Object.keys(all)) {
    if (key === except) continue
    if (!Object.hasOwn(rest, key) || hasMoreKeys(all[key], rest[key])) return true
  }
  return false
}

/** An export's own stamp says more than a new one; a user who signed up needs none. */
function withOwnStamp(
  user: LegacyUser,
  profile: PlainObject,
  { profile: rule }: RowRules,
): PlainObject {
  const { [stampKey]: made, ...rest } = isPlainObject(profile.app_metadata)
    ? profile.app_metadata
    : {}
  const isLegacy = profile.user_id === rule.idPrefix + user.legacy_id
  const stamp = readStamp(user.app_metadata) ?? (isLegacy ? made : undefined)
  return { ...profile, app_metadata: stamp === undefined ? rest : { ...rest, [stampKey]: stamp } }
}

function dead(reason: RowFault['reason'], message: string): PreparedRow {
  return { type: 'dead', fault: fault(reason, message) }
}
