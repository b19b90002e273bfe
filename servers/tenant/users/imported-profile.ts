import { isNestedTooDeep } from '../json-depth.ts'
import type { Connection, Json, JsonObject } from '../state.ts'
import { isObject, metadataProblem } from './metadata.ts'
import { normalizeEmail } from './normalize-email.ts'

/** A profile that a script handed over, once it has been found good. */
export interface ImportedProfile {
  /** Without `auth0|`. */
  readonly userId: string
  readonly email: string
  readonly emailVerified: boolean
  readonly username: string | null
  /** `name`, `given_name`, …: what is at the root of a user and not named above. */
  readonly root: JsonObject
  readonly appMetadata: JsonObject
  readonly userMetadata: JsonObject
  readonly mfaFactors: readonly Json[]
  /** Names of members that Auth0's profile does not have; not kept. */
  readonly unknown: readonly string[]
}

export type ProfileCheck =
  | { readonly type: 'good'; readonly profile: ImportedProfile }
  | { readonly type: 'refused'; readonly message: string }

const rootMembers: Readonly<Record<string, 'boolean' | 'string'>> = {
  family_name: 'string',
  given_name: 'string',
  name: 'string',
  nickname: 'string',
  phone_number: 'string',
  phone_verified: 'boolean',
  picture: 'string',
}

const namedMembers = new Set([
  'app_metadata',
  'email',
  'email_verified',
  'mfa_factors',
  'user_id',
  'user_metadata',
  'username',
])

/**
 * Checks what login or get_user called back with. Stricter than Auth0 says it is: a member of the
 * wrong type is refused, so that a script that sends one is found here and not on a tenant.
 *
 * @returns The reason names the member and never its value.
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db/templates/login
 */
export function checkImportedProfile(
  connection: Connection,
  profile: Readonly<Record<string, unknown>>,
): ProfileCheck {
  const message = problem(connection, profile)
  if (message !== null) return { type: 'refused', message }
  const email = normalizeEmail(String(profile.email))
  const { username } = profile
  return {
    type: 'good',
    profile: {
      userId: String(profile.user_id),
      email,
      emailVerified: profile.email_verified === true,
      username: typeof username === 'string' ? normalizeEmail(username) : null,
      root: Object.fromEntries(
        Object.entries(profile).filter(([name]) => Object.hasOwn(rootMembers, name)),
      ) as JsonObject,
      appMetadata: isObject(profile.app_metadata) ? profile.app_metadata : {},
      userMetadata: isObject(profile.user_metadata) ? profile.user_metadata : {},
      mfaFactors: Array.isArray(profile.mfa_factors) ? profile.mfa_factors : [],
      unknown: Object.keys(profile).filter(
        (name) => !(Object.hasOwn(rootMembers, name) || namedMembers.has(name)),
      ),
    },
  }
}

function problem(
  connection: Connection,
  profile: Readonly<Record<string, unknown>>,
): string | null {
  const { email, email_verified, mfa_factors, user_id, username } = profile
  const idType = typeof user_id
  if ((idType !== 'string' && idType !== 'number') || user_id === '') {
    return 'The profile has no user_id.'
  }
  if (typeof email !== 'string' || !isEmail(email)) return 'The profile has no valid email.'
  if (email_verified !== undefined && typeof email_verified !== 'boolean') {
    return 'email_verified of the profile is not a boolean.'
  }
  if (connection.options.requires_username === true && !isNonEmpty(username)) {
    return 'The profile has no username.'
  }
  if (username !== undefined && !isNonEmpty(username)) return 'username of the profile is no text.'
  if (mfa_factors !== undefined && !Array.isArray(mfa_factors)) {
    return 'mfa_factors of the profile is not an array.'
  }
  return rootProblem(profile) ?? metadataOfProfileProblem(profile)
}

function rootProblem(profile: Readonly<Record<string, unknown>>): string | null {
  const wrong = Object.entries(rootMembers).find(
    ([name, type]) => profile[name] !== undefined && typeof profile[name] !== type,
  )
  return wrong === undefined ? null : `${wrong[0]} of the profile is not a ${wrong[1]}.`
}

function metadataOfProfileProblem(profile: Readonly<Record<string, unknown>>): string | null {
  for (const kind of ['app_metadata', 'user_metadata'] as const) {
    const metadata = profile[kind]
    if (isNestedTooDeep(metadata)) return `${kind} of the profile is nested too deep.`
    const found = metadata === undefined ? null : metadataProblem(kind, metadata)
    if (found !== null) return `The profile is refused: ${found}.`
  }
  return null
}

function isNonEmpty(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/** As loose as an address may be checked: one `@` with something on both sides, no white space. */
export function isEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(value)
}
