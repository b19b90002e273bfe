import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { loadMigrationConfig } from '../../build/migration-config.ts'
import { isObject, succeeded } from '../auth0-tenant.ts'
import { type Command, type CommandContext, CommandError } from '../command.ts'
import { confirm, misused, parseCommandLine } from '../command-line.ts'
import { tenantOfEnvironment } from '../tenant-of-environment.ts'
import { count } from '../user-ids.ts'
import { leaveRoom, type Manage } from './jobs/leave-room.ts'
import type { RowRules } from './mapping/row-rules.ts'
import { mappingIn } from './open-rows.ts'
import { conflictIn, findInTheWay, type InTheWay, type Suspect } from './repair/find-ghosts.ts'
import { type ImportState, usualStateFile } from './state/import-state.ts'
import { openKnownState } from './state/open-known-state.ts'

const usage = `Usage: npx migration import repair DEAD-LETTERS [--apply] [--state FILE] [--yes] [--json]
                                   [--csv-mapping FILE] [--csv-delimiter C]

Tells of each dead letter with DUPLICATED_USER or CONFLICT who is in the way. Often it is a record
that no API shows: of a login with import mode off, or of a password reset that was confirmed before
the first login. Where nobody else is there with that address, --apply deletes the record, and the
next run of the import sends the user again. A password that was set by such a reset is lost, and the
one of the legacy store counts again.

  --apply       delete hidden records, and put their users back into the queue
  --state FILE  the state of the import (default: ${usualStateFile})
  --csv-mapping FILE, --csv-delimiter C
                of letters of a CSV: as the import had them
  --yes         do not ask before changing anything
  --json        print { letters, unreadable, hidden, the_user, address_taken, username_taken,
                repaired, lines }; lines has the line in the source and who is in the way

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET (scopes read:users,
read:connections, and delete:users for --apply). From migration.config.ts: idPrefix.

Exit status: 0 nobody is in the way any more, 1 somebody is, 2 the command line or a setting was
wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  apply: flag,
  state: { type: 'string' },
  'csv-mapping': { type: 'string' },
  'csv-delimiter': { type: 'string', default: ',' },
  yes: flag,
  json: flag,
} as const

/** `npx migration import repair` */
export const repairCommand: Command = {
  usage,
  async run(args, context) {
    const parsed = parseCommandLine({ args, options, allowPositionals: true }, usage)
    const { positionals, values } = parsed
    const [letters, ...others] = positionals
    if (letters === undefined || others.length > 0) throw misused('Name the dead letters.', usage)
    const tenant = tenantOfEnvironment(context)
    const rules = await rulesOf(context.cwd, values)
    const state = openKnownState(
      resolve(context.cwd, values.state ?? usualStateFile),
      tenant.domain,
    )
    try {
      const manage = leaveRoom(tenant.manage, { signal: context.signal })
      const found = await findAll(manage, state, resolve(context.cwd, letters), rules)
      const ghosts = found.suspects.filter(({ inTheWay }) => inTheWay === 'hidden')
      settleThere(state, found.suspects)
      if (values.apply && ghosts.length > 0 && !values.yes) {
        const question = `Deletes the hidden records of ${count(ghosts.length, 'user')} in ${tenant.domain}. A password that they have reset is lost.`
        await confirm(context, question, 'repair')
      }
      const repaired = values.apply ? await repair(manage, state, ghosts) : 0
      return resultOf(found, repaired)
    } finally {
      state.close()
    }
  },
}

interface Found {
  readonly suspects: readonly Suspect[]
  /** Letters that hold no user who can be read. */
  readonly unreadable: number
}

async function findAll(
  manage: Manage,
  { identity }: ImportState,
  path: string,
  rules: RowRules,
): Promise<Found> {
  const answer = await manage('GET', `connections/${encodeURIComponent(identity.connectionId)}`)
  const connection = succeeded<unknown>(answer, 'GET connections/{id}')
  const name = isObject(connection) ? String(connection.name) : ''
  const suspects: Suspect[] = []
  let unreadable = 0
  for await (const letter of linesOf(path)) {
    if (conflictIn(letter) === null) continue
    const suspect = await findInTheWay(manage, letter, rules, name)
    if (suspect === null) unreadable += 1
    else suspects.push(suspect)
  }
  return { suspects, unreadable }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path)
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() !== '') yield line
    }
  } catch (cause) {
    throw new CommandError('source_unreadable', 'The dead letters cannot be read.', { cause })
  }
}

/**
 * Whoever is in Auth0 by now failed in vain: the next run does not send them again. Whom a later run has
 * imported stays the import's own, for undo, however old the letters are.
 */
function settleThere({ users }: ImportState, suspects: readonly Suspect[]): void {
  for (const { inTheWay, userId } of suspects) {
    if (inTheWay === 'the_user') users.setOutcome([userId], 'failed', 'already_migrated')
  }
}

/** By id and by address: the record may have either. https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
async function repair(
  manage: Manage,
  { identity, users }: ImportState,
  ghosts: readonly Suspect[],
): Promise<number> {
  const connection = encodeURIComponent(identity.connectionId)
  for (const { email, userId } of ghosts) {
    const byId = `users/${encodeURIComponent(`auth0|${userId}`)}`
    succeeded(await manage('DELETE', byId), 'DELETE users/{id}')
    const byAddress = `connections/${connection}/users?email=${encodeURIComponent(email)}`
    succeeded(await manage('DELETE', byAddress), 'DELETE connections/{id}/users')
    users.setOutcome([userId], 'failed', 'requeued')
  }
  return ghosts.length
}

interface CsvValues {
  readonly 'csv-mapping'?: string | undefined
  readonly 'csv-delimiter': string
}

async function rulesOf(cwd: CommandContext['cwd'], values: CsvValues): Promise<RowRules> {
  const result = await loadMigrationConfig(cwd)
  if (!('config' in result)) {
    const lines = result.problems.map(({ message, subject }) => `${subject} ${message}`)
    throw new CommandError('setting_invalid', lines.join('\n'))
  }
  const { connection, idPrefix } = result.config
  return {
    format: 'dead-letters',
    profile: { connection, idPrefix, allowMissingMfa: true },
    at: new Date().toISOString(),
    csvMapping: await mappingIn(values['csv-mapping'], cwd),
    csvDelimiter: values['csv-delimiter'],
    // Whose user it is, is all that is wanted.
    ...{ withoutPasswords: true, dropForbiddenKeys: true, dropLargeMetadata: true },
  }
}

function resultOf({ suspects, unreadable }: Found, repaired: number) {
  const numberOf = (who: InTheWay) => suspects.filter(({ inTheWay }) => inTheWay === who).length
  const numbers = {
    hidden: numberOf('hidden'),
    the_user: numberOf('the_user'),
    address_taken: numberOf('address_taken'),
    username_taken: numberOf('username_taken'),
  }
  const lines = suspects.map(({ inTheWay, line }) => ({ line, in_the_way: inTheWay }))
  const letters = suspects.length + unreadable
  const open = letters - numbers.the_user - repaired
  const shown = lines.map(({ in_the_way: who, line }) => `line ${line}: ${words[who]}`)
  const sum = `Hidden records: ${numbers.hidden}, ${repaired} of them deleted. In Auth0 by now: ${numbers.the_user}. Address taken: ${numbers.address_taken}. Username taken: ${numbers.username_taken}. Unreadable: ${unreadable}.`
  return {
    exitStatus: open === 0 ? 0 : 1,
    found: { letters, unreadable, ...numbers, repaired, lines },
    text: [...shown, sum].join('\n'),
  }
}

const words: Readonly<Record<InTheWay, string>> = {
  hidden: 'a record that no API shows; --apply deletes it',
  the_user: 'the user is in Auth0',
  address_taken: 'another user has the address; nothing is deleted',
  username_taken: 'another user has the username; nothing is deleted',
}
