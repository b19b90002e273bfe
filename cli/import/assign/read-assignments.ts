import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { isObject } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'

/** What one user is to have. */
export interface Assignment {
  readonly line: number
  /** With `auth0|`, or whatever provider the user is of. */
  readonly userId: string
  /** Names or ids. */
  readonly roles: readonly string[]
  readonly organizations: readonly string[]
  /** Tells whether the line has changed since an earlier run. */
  readonly digest: string
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

const known = new Set(['legacy_id', 'organizations', 'roles', 'user_id'])

function assignmentOf(text: string, line: number, idPrefix: string): Assignment {
  const value = parse(text)
  if (!isObject(value)) throw invalid(line, 'is no JSON object')
  const unknown = Object.keys(value).filter((name) => !known.has(name))
  // Left out without a word, a `role` would be a right that somebody lacks.
  if (unknown.length > 0)
    throw invalid(line, `has a member that is not known: ${unknown.join(', ')}`)
  const { legacy_id: legacyId, user_id: userId } = value
  const id = typeof legacyId === 'string' ? `auth0|${idPrefix}${legacyId}` : userId
  if (typeof id !== 'string' || !/^[^\s|]+\|\S+$/.test(id)) {
    throw invalid(line, 'needs a legacy_id, or a user_id such as auth0|legacy-users|1042')
  }
  const roles = namesIn(value.roles, line, 'roles')
  const organizations = namesIn(value.organizations, line, 'organizations')
  const digest = createHash('sha256')
    .update(JSON.stringify([roles, organizations]))
    .digest('hex')
  return { line, userId: id, roles, organizations, digest }
}

function namesIn(value: unknown, line: number, member: string): readonly string[] {
  if (value === undefined) return []
  const names = Array.isArray(value) ? value : null
  if (names?.every((one) => typeof one === 'string' && one !== '')) {
    return [...new Set(names as readonly string[])].toSorted()
  }
  throw invalid(line, `${member} has to be a list of names`)
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
