import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { isLegacyId } from '../../../core/legacy-identity.ts'
import { isObject } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'

/** What one user is to have. Roles and organizations are names or ids. */
export interface Assignment {
  readonly line: number
  /** With `auth0|`, or whatever provider the user is of. */
  readonly userId: string
  readonly roles: readonly string[]
  readonly memberships: readonly Membership[]
  /** Tells whether what the line says has changed since an earlier run. */
  readonly digest: string
}

interface Membership {
  readonly organization: string
  /** Those that the user has within the organization, and nowhere else. */
  readonly roles: readonly string[]
}

/**
 * Reads NDJSON of `user_id` or `legacy_id`, `roles` and `organizations`, a line at a time.
 *
 * @param idPrefix What makes a `legacy_id` a user id.
 * @throws {CommandError} `source_invalid`, naming the line; `source_unreadable`.
 */
export async function* readAssignments(path: string, idPrefix: string): AsyncGenerator<Assignment> {
  let line = 0
  try {
    const input = createReadStream(path)
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1
      if (text.trim() !== '') yield assignmentOf(text, line, idPrefix)
    }
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    throw new CommandError('source_unreadable', 'The file of assignments cannot be read.', {
      cause,
    })
  }
}

function assignmentOf(text: string, line: number, idPrefix: string): Assignment {
  const value = parse(text)
  if (!isObject(value)) throw invalid(line, 'is no JSON object')
  assertKnown(value, ['legacy_id', 'organizations', 'roles', 'user_id'], line)
  const userId = userIdIn(value, idPrefix)
  if (userId === null) {
    throw invalid(line, 'needs a legacy_id, or else a user_id such as auth0|legacy-users|1042')
  }
  const roles = namesIn(value.roles, line, 'roles')
  const memberships = membershipsIn(value.organizations, line)
  return { line, userId, roles, memberships, digest: digestOf(roles, memberships) }
}

/** @returns Null where there is none that can be, and where two may say different things. */
function userIdIn(
  { legacy_id: legacyId, user_id: userId }: Readonly<Record<string, unknown>>,
  idPrefix: string,
): string | null {
  if ((userId ?? null) === null) {
    return isLegacyId(legacyId) ? `auth0|${idPrefix}${legacyId}` : null
  }
  const isUserId = typeof userId === 'string' && /^[^\s|]+\|./s.test(userId)
  return isUserId && (legacyId ?? null) === null ? userId : null
}

function namesIn(value: unknown, line: number, member: string): readonly string[] {
  if (value === undefined) return []
  const names = Array.isArray(value) ? value : null
  if (names?.every((one) => typeof one === 'string' && one !== '')) {
    return [...new Set(names as readonly string[])].toSorted()
  }
  throw invalid(line, `${member} has to be a list of names`)
}

/** In order of their names, each once, with all the roles that any of its entries has. */
function membershipsIn(value: unknown, line: number): readonly Membership[] {
  if (value !== undefined && !Array.isArray(value)) {
    throw invalid(line, 'organizations has to be a list')
  }
  const entries: readonly unknown[] = value ?? []
  const found = new Map<string, readonly string[]>()
  for (const entry of entries) {
    const { organization, roles } = membershipOf(entry, line)
    found.set(organization, [...(found.get(organization) ?? []), ...roles])
  }
  return [...found]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([organization, roles]) => ({ organization, roles: [...new Set(roles)].toSorted() }))
}

function membershipOf(entry: unknown, line: number): Membership {
  if (typeof entry === 'string' && entry !== '') return { organization: entry, roles: [] }
  if (!isObject(entry)) throw invalid(line, 'organizations has to be a list of names, or objects')
  assertKnown(entry, ['organization', 'roles'], line)
  const { organization } = entry
  if (typeof organization !== 'string' || organization === '') {
    throw invalid(line, 'organizations has an entry without the name of its organization')
  }
  return { organization, roles: namesIn(entry.roles, line, 'roles within an organization') }
}

/** Left out without a word, a `role` would be a right that somebody lacks. */
function assertKnown(
  object: Readonly<Record<string, unknown>>,
  known: readonly string[],
  line: number,
): void {
  const unknown = Object.keys(object).filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw invalid(line, `has a member that is not known: ${unknown.join(', ')}`)
}

/** A membership without roles counts as its name alone: state files of before know it by that. */
function digestOf(roles: readonly string[], memberships: readonly Membership[]): string {
  const organizations = memberships.map((one) =>
    one.roles.length === 0 ? one.organization : [one.organization, one.roles],
  )
  return createHash('sha256')
    .update(JSON.stringify([roles, organizations]))
    .digest('hex')
}

function invalid(line: number, what: string): CommandError {
  return new CommandError('source_invalid', `Line ${line} ${what}. Nothing after it was assigned.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
