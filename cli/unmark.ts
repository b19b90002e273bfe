import { findLegacyIdentity } from '../core/legacy-identity.ts'
import type { MigrationConfig } from '../core/migration-config.ts'
import { type Command, CommandError } from './command.ts'
import { confirm, misused, parseCommandLine } from './command-line.ts'
import { connectUnmarks } from './connect-unmarks.ts'
import type { Unmarked } from './legacy-operator.ts'
import { configOf } from './project-config.ts'
import { count, readUserIds } from './user-ids.ts'

const usage = `Usage: npx migration unmark USER… [--yes] [--json]
       npx migration unmark - < FILE
       npx migration unmark USER --legacy-id ID

Takes back the mark by which the legacy store, or the old tenant, knows that a user has moved: its login
and get_user answers then find the user again, and the user may migrate once more. Nothing changes in
the tenant that users move to: a user who is still there stays there, and is marked again after
npx migration reset.

  USER             an Auth0 user id; - reads them from standard input, one a line
  --legacy-id ID   the id in the legacy store; for a user whose legacy account is linked to another,
                   named by the other's Auth0 user id. Otherwise it is what follows idPrefix
  --yes            do not ask before changing anything
  --json           print { users, unmarked, notFound, migratedToAnother, failed }, numbers of users

Settings, from the environment: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, and an
operator's own client with the scope unmark:legacy_users: LEGACY_OPERATOR_CLIENT_ID,
LEGACY_OPERATOR_CLIENT_SECRET. Where users come from another tenant OLD_TENANT_DOMAIN,
OLD_TENANT_CLIENT_ID, OLD_TENANT_CLIENT_SECRET, OLD_TENANT_CONNECTION in the place of all those. From
migration.config.ts: source, connection, idPrefix, acceptedPrefixes.

Exit status: 0 no user named is marked now, 1 one was not found, marked for another Auth0 user or
failed, or it was not confirmed, 2 the command line or a setting was wrong.`

interface Marked {
  readonly auth0UserId: string
  readonly legacyId: string
}

export const unmarkCommand: Command = {
  usage,
  async run(args, context) {
    const parsed = parseCommandLine({ args, options, allowPositionals: true }, usage)
    const { values, positionals } = parsed
    if (positionals.length === 0) throw misused('Name a user.', usage)
    const config = await configOf(context.cwd)
    const operator = connectUnmarks(config, context)
    const ids = await readUserIds(positionals, context, usage)
    const users = marked(ids, values['legacy-id'], config)
    if (!values.yes) {
      const question = `Takes back the mark of ${count(users.length, 'user')} in ${operator.apiUrl}.`
      await confirm(context, question, 'unmark')
    }
    const outcomes: Unmarked[] = []
    for (const { auth0UserId, legacyId } of users) {
      outcomes.push(await operator.unmark(legacyId, auth0UserId))
    }
    const number = (outcome: Unmarked) => outcomes.filter((one) => one === outcome).length
    const [unmarked, notFound] = [number('unmarked'), number('notFound')]
    const [migratedToAnother, failed] = [number('migratedToAnother'), number('failed')]
    return {
      exitStatus: unmarked === users.length ? 0 : 1,
      found: { users: users.length, unmarked, notFound, migratedToAnother, failed },
      text: `Unmarked: ${unmarked}. Not found: ${notFound}. Marked for another: ${migratedToAnother}. Failed: ${failed}.`,
    }
  },
}

const flag = { type: 'boolean', default: false } as const
const options = { 'legacy-id': { type: 'string' }, yes: flag, json: flag } as const

/** @throws {CommandError} `command_line_invalid` for an id that is not one of a legacy user. */
function marked(
  ids: readonly string[],
  legacyId: string | undefined,
  config: MigrationConfig,
): readonly Marked[] {
  const [only = '', ...others] = ids
  if (legacyId !== undefined && others.length > 0)
    throw misused('--legacy-id goes with one USER.', usage)
  if (legacyId !== undefined) return [{ auth0UserId: only, legacyId }]
  return ids.map((auth0UserId, index) => {
    const found = legacyIdOf(auth0UserId, config)
    if (found !== null) return { auth0UserId, legacyId: found }
    const why = `User ${index + 1} has no id with the idPrefix of migration.config.ts: give --legacy-id.`
    throw new CommandError('command_line_invalid', why)
  })
}

function legacyIdOf(auth0UserId: string, { connection, ...rule }: MigrationConfig): string | null {
  const [provider, ...rest] = auth0UserId.split('|')
  const identity = { connection, provider, user_id: rest.join('|') }
  const user = { user_id: auth0UserId, identities: [identity] }
  return findLegacyIdentity(user, { connection, ...rule })?.legacyId ?? null
}
