import { resolve } from 'node:path'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type Command, CommandError } from '../command.ts'
import { confirm, parseCommandLine } from '../command-line.ts'
import { connectUnmarks } from '../connect-unmarks.ts'
import { configOf } from '../project-config.ts'
import { tenantOfEnvironment } from '../tenant-of-environment.ts'
import { count } from '../user-ids.ts'
import { leaveRoom } from './jobs/leave-room.ts'
import { usualStateFile } from './state/import-state.ts'
import { openKnownState } from './state/open-known-state.ts'
import { undoable, undoImport } from './undo/undo-import.ts'

const usage = `Usage: npx migration import undo [--state FILE] [--force] [--no-marks] [--yes] [--json]

Deletes from Auth0 the users whom an import has created, and takes their marks in the legacy store, or
the old tenant, back first. Users who were in Auth0 before stay as they are, and so do, unless --force says
otherwise, those who have logged in since. Run again it goes on where it was interrupted.

  --state FILE  the state of the import (default: ${usualStateFile})
  --force       delete users who have logged in since too: what they changed is lost
  --no-marks    take no mark back: of an import with --no-marks, whose legacy store may be gone
  --yes         do not ask before changing anything
  --json        print { users, deleted, gone, loggedIn, existed, failed }, numbers of users

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET (scopes read:users,
delete:users), LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, and an operator's own client
with the scope unmark:legacy_users: LEGACY_OPERATOR_CLIENT_ID, LEGACY_OPERATOR_CLIENT_SECRET. Where
users come from another tenant, its OLD_TENANT_… in the place of all those. With --no-marks the first
three alone.

Exit status: 0 none of them is in Auth0 any more, 1 some stay, or it was not confirmed, 2 the
command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  state: { type: 'string' },
  force: flag,
  'no-marks': flag,
  yes: flag,
  json: flag,
} as const

/** `npx migration import undo` */
export const undoCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const tenant = tenantOfEnvironment(context)
    const operator = values['no-marks']
      ? null
      : connectUnmarks(await configOf(context.cwd), context)
    const state = openKnownState(
      resolve(context.cwd, values.state ?? usualStateFile),
      tenant.domain,
    )
    try {
      if (state.jobs.unfinished().length > 0) throw unfinished
      await assertScopes(tenant)
      const users = state.users.count(undoable)
      if (operator === null && state.users.count({ ...undoable, unmarked: true }) < users) {
        throw marked
      }
      if (!values.yes && users > 0) {
        const whose = operator === null ? 'no mark' : `their marks in ${operator.apiUrl}`
        const question = `Deletes ${count(users, 'user')} from ${tenant.domain}, and takes ${whose} back.`
        await confirm(context, question, 'undo')
      }
      const manage = leaveRoom(tenant.manage, { signal: context.signal })
      const { progress } = context
      const counts = await undoImport({ manage, state, operator, force: values.force, progress })
      const { deleted, existed, failed, gone, loggedIn } = counts
      return {
        exitStatus: deleted + gone === users ? 0 : 1,
        found: { users, ...counts },
        text: `Deleted: ${deleted}. Gone before: ${gone}. Logged in since, and kept: ${loggedIn}. Not made by the import: ${existed}. Failed: ${failed}.`,
      }
    } finally {
      state.close()
    }
  },
}

/** Before a mark is taken back: found out behind it, users would be left in both stores. */
async function assertScopes(tenant: Auth0Tenant): Promise<void> {
  const granted = await tenant.scopes()
  const missing = ['read:users', 'delete:users'].filter((scope) => !granted.has(scope))
  if (missing.length === 0) return
  const message = `Taking an import back takes ${missing.join(', ')}: grant it to the application of AUTH0_CLIENT_ID. Nothing was changed.`
  throw new CommandError('scope_missing', message)
}

/** Deleted with their mark in place, they would be in neither store. */
const marked = new CommandError(
  'command_line_invalid',
  'The import has marked users in the legacy store: without --no-marks their marks are taken back. Nothing was changed.',
)

const unfinished = new CommandError(
  'unfinished_run',
  'Jobs of the import are at work still, or nobody knows how they ended. Run the import to its end first.',
)
