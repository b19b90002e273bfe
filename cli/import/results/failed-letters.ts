import type { DeadLetters, Originals } from '../import-types.ts'
import type { UserRecords } from '../state/user-records.ts'

/**
 * Writes a dead letter for each user of the source whom Auth0 has refused, in this run or an earlier
 * one: the state has their places, and the source what stands there.
 */
export async function writeFailedLetters(
  users: UserRecords,
  originals: Originals,
  letters: DeadLetters,
): Promise<void> {
  for (const user of users.list({ outcomes: ['failed'], ofSource: true })) {
    const { bytes, line, offset } = user
    const reason = user.reason ?? 'unknown'
    const message = messages[reason] ?? `Auth0 refused the user: ${reason.toUpperCase()}`
    const row = await originals.read({ line, offset, bytes })
    await letters.add({ reason, message, line, ...row })
  }
}

const inTheWay =
  'somebody who is not to be seen under this id has its address, name or id: npx migration import repair tells who'

const messages: Readonly<Record<string, string>> = {
  conflict: inTheWay,
  conflict_email: inTheWay,
  conflict_username: inTheWay,
  duplicated_user: inTheWay,
  not_imported: 'Auth0 ended the job without the user, and said nothing of it',
}
