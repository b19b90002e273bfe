import { isObject, succeeded } from '../../auth0-tenant.ts'
import { findUser } from '../jobs/import-api.ts'
import type { Manage } from '../jobs/leave-room.ts'
import { prepareRow } from '../mapping/job-user.ts'
import type { RowRules } from '../mapping/row-rules.ts'

/** Who is in the way of a user whom Auth0 refused. */
export type InTheWay =
  /** A record that no API shows. It can be deleted, and the user imported. */
  | 'hidden'
  /** The user: in Auth0 by now. */
  | 'the_user'
  /** Somebody else who is there has the address: only a person can tell who is who. */
  | 'address_taken'
  /** Somebody else has the username. */
  | 'username_taken'

export interface Suspect {
  readonly line: number
  /** Without `auth0|`. */
  readonly userId: string
  readonly email: string
  readonly inTheWay: InTheWay
}

/** Reasons of dead letters that tell of somebody in the way. */
const reasons = new Set(['conflict', 'conflict_email', 'conflict_username', 'duplicated_user'])

/** A dead letter that tells of somebody in the way; null for any other. */
export function conflictIn(
  text: string,
): { readonly line: number; readonly reason: string } | null {
  const letter = parse(text)
  if (!isObject(letter) || typeof letter.reason !== 'string') return null
  if (!reasons.has(letter.reason)) return null
  return { line: typeof letter.line === 'number' ? letter.line : 0, reason: letter.reason }
}

/**
 * Finds out who is in the way of the user of a dead letter. Changes nothing.
 *
 * @returns Null when the letter holds no user who can be read.
 */
export async function findInTheWay(
  manage: Manage,
  letter: string,
  rules: RowRules,
  connection: string,
): Promise<Suspect | null> {
  const conflict = conflictIn(letter)
  const row = prepareRow(letter, rules)
  if (conflict === null || row.type !== 'user') return null
  const { email, userId } = row.user
  const suspect = { line: conflict.line, userId, email }
  if ((await findUser(manage, userId)) !== null) return { ...suspect, inTheWay: 'the_user' }
  if (await isTaken(manage, email, connection)) return { ...suspect, inTheWay: 'address_taken' }
  const byName = conflict.reason === 'conflict_username'
  return { ...suspect, inTheWay: byName ? 'username_taken' : 'hidden' }
}

/** Whether a user who can be seen has the address in the connection: deleting by address hits them. */
async function isTaken(manage: Manage, email: string, connection: string): Promise<boolean> {
  const query = `email=${encodeURIComponent(email)}&fields=identities&include_fields=true`
  const users = succeeded<unknown>(
    await manage('GET', `users-by-email?${query}`),
    'GET users-by-email',
  )
  if (!Array.isArray(users)) return true
  return users.some((user: unknown) => {
    const identities = isObject(user) ? user.identities : undefined
    // Who cannot be read is taken for one who is in the way.
    if (!Array.isArray(identities)) return true
    return identities.some((one: unknown) => isObject(one) && one.connection === connection)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
