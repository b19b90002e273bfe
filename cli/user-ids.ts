import type { CommandContext } from './command.ts'
import { misused } from './command-line.ts'

/**
 * The Auth0 user ids that a command is to work on: its arguments, or with `-` one a line of standard
 * input. Each once, in order.
 *
 * @throws {CommandError} `command_line_invalid`; it says which one by its place and never repeats it,
 *   since what is no id may well be an e-mail address.
 */
export async function readUserIds(
  positionals: readonly string[],
  { readInput }: CommandContext,
  usage: string,
): Promise<readonly string[]> {
  const given =
    positionals.length === 1 && positionals[0] === '-'
      ? (await readInput()).split('\n').map((line) => line.trim())
      : positionals
  const ids = given.filter((id) => id !== '')
  const wrong = ids.findIndex((id) => !/^[^\s|]+\|\S+$/.test(id))
  if (wrong !== -1) {
    throw misused(`User ${wrong + 1} is no Auth0 user id, such as auth0|legacy-users|1042.`, usage)
  }
  if (ids.length === 0) throw misused('Name a user.', usage)
  return [...new Set(ids)]
}

/** `1 user`, `2 users`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
