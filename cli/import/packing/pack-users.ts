import { setImmediate } from 'node:timers/promises'
import { CommandError } from '../../command.ts'
import type { Duplicate, Duplicates } from '../checks/duplicates.ts'
import { fault, type RowFault } from '../checks/row-fault.ts'
import type { JobFile, PackedUser, SettledUsers } from '../import-types.ts'
import type { Books } from './books.ts'
import { createPacker, maxFileBytes } from './packer.ts'
import type { SpooledUser, UserSpool } from './user-spool.ts'

/** Changes a user on the way into a job file, or says why there can be none. */
export type ChangeUser = (json: Buffer) => Promise<Buffer | RowFault>

export interface PackOptions {
  readonly spool: UserSpool
  readonly duplicates: Duplicates
  readonly books: Books
  readonly settled: SettledUsers
  readonly idPrefix: string
  readonly change?: ChangeUser | undefined
  readonly signal: AbortSignal
  readonly tidy: () => void
}

/** Job files of the users who have no duplicate and are not settled. */
export async function* packUsers(options: PackOptions): AsyncGenerator<JobFile> {
  const { spool, books, idPrefix, change, signal, tidy } = options
  const packer = createPacker()
  for await (const users of spool.read()) {
    // The spool is read at once: nothing else would be heard until the last file.
    await setImmediate()
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.')
    for (const user of users) {
      const userId = userIdOf(user.json)
      const passed = passes(user, userId, options)
      if (passed !== true) {
        await passed
        continue
      }
      const json = change === undefined ? user.json : await change(user.json)
      const wrong = faultOfChanged(json)
      if (wrong !== null) {
        await books.dead(wrong, user)
        continue
      }
      books.packed()
      const full = packer.add(json as Buffer, packedUser(user, userId, idPrefix))
      if (full === null) continue
      yield full
      tidy()
    }
  }
  const last = packer.end()
  if (last !== null) yield last
}

/** @returns True; or else what there is to wait for. */
function passes(
  user: SpooledUser,
  userId: string,
  { duplicates, settled, books }: PackOptions,
): true | Promise<void> | undefined {
  const duplicate = duplicates.at(user.line)
  if (duplicate !== null) return books.dead(faultOfDuplicate(duplicate), user)
  if (!settled.has(userId)) return true
  books.settled()
  return undefined
}

function packedUser({ json, line, offset, bytes }: SpooledUser, userId: string, idPrefix: string) {
  // Of a user who signed up at Auth0 before an export, it is the whole id.
  const legacyId = userId.startsWith(idPrefix) ? userId.slice(idPrefix.length) : userId
  return { line, offset, bytes, legacyId, userId, jsonBytes: json.length } satisfies PackedUser
}

const beforeUserId = '{"user_id":"'
const [quote, backslash] = [0x22, 0x5c]

/** The mapper puts it first. */
function userIdOf(json: Buffer): string {
  const start = beforeUserId.length
  const end = json.indexOf(quote, start)
  const isPlain =
    json.toString('latin1', 0, start) === beforeUserId && !isIn(json, backslash, start, end)
  if (isPlain) return json.toString('utf8', start, end)
  return (JSON.parse(json.toString('utf8')) as { readonly user_id: string }).user_id
}

function isIn(bytes: Buffer, byte: number, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === byte) return true
  return false
}

function faultOfChanged(json: Buffer | RowFault): RowFault | null {
  if ('reason' in json) return json
  if (json.length + 2 <= maxFileBytes) return null
  return fault('user_too_large', 'alone is over the 500,000 bytes of a job file')
}

const duplicateFaults = {
  user_id: ['duplicate_user_id', 'legacy_id'],
  email: ['duplicate_email', 'e-mail address'],
  username: ['duplicate_username', 'username'],
} as const

function faultOfDuplicate({ kind, otherLine }: Duplicate): RowFault {
  const [reason, what] = duplicateFaults[kind]
  const message = `has the ${what} of line ${otherLine}: which one is right is not for us to choose`
  return fault(reason, message)
}
