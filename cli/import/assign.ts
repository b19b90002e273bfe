import { resolve } from 'node:path'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type Command, type CommandContext, CommandError } from '../command.ts'
import { misused, parseCommandLine } from '../command-line.ts'
import { tenantOfEnvironment } from '../tenant-of-environment.ts'
import {
  type AssignOutcome,
  assignUser,
  type Catalogue,
  readCatalogue,
  unknownNames,
} from './assign/assign-user.ts'
import { readAssignments } from './assign/read-assignments.ts'
import { leaveRoom } from './jobs/leave-room.ts'
import { type ImportState, usualStateFile } from './state/import-state.ts'
import { openKnownState, openStateFor } from './state/open-known-state.ts'

const usage = `Usage: npx migration import assign FILE [--state FILE] [--json]

Gives imported users their roles and makes them members of their organizations, which an import job
cannot do. Reads what a user has, adds what is missing, and reads again; takes nothing away. Run again
it goes on where it was interrupted, and does anew the lines that have changed. Users who came by
their logins are given theirs too: an import need not have been.

  FILE          NDJSON: { "legacy_id": "1042", "roles": ["editor"], "organizations": ["acme"] }, or
                user_id in the place of legacy_id. Roles and organizations by name or id. With roles
                within an organization, that is { "organization": "acme", "roles": ["admin"] }
  --state FILE  the state of the import (default: ${usualStateFile})
  --json        print { users, done_before, assigned, unchanged, no_user, not_verified }, numbers of
                users

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET (scopes read:users,
read:roles, create:role_members, read:organizations, create:organization_members; for roles within
organizations read:organization_member_roles, create:organization_member_roles; read:connections where
there was no import).

Exit status: 0 everybody has what the file says, 1 somebody has not, 2 the command line or a setting
was wrong.`

const options = {
  state: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `npx migration import assign` */
export const assignCommand: Command = {
  usage,
  async run(args, context) {
    const parsed = parseCommandLine({ args, options, allowPositionals: true }, usage)
    const [file, ...others] = parsed.positionals
    if (file === undefined || others.length > 0) throw misused('Name the file.', usage)
    const tenant = tenantOfEnvironment(context)
    const { state: named } = parsed.values
    const path = resolve(context.cwd, named ?? usualStateFile)
    // One that is named and not there is misspelt.
    const state =
      named === undefined
        ? await openStateFor(path, tenant, context.cwd)
        : openKnownState(path, tenant.domain)
    try {
      const manage = leaveRoom(tenant.manage, { signal: context.signal })
      const catalogue = await readCatalogue(manage)
      const lines = resolve(context.cwd, file)
      const { users, hasMemberRoles } = await checkAll(lines, state.identity.idPrefix, catalogue)
      if (hasMemberRoles) await assertMemberRoleScopes(tenant)
      const counts = await assignAll({ context, state, manage, catalogue, users }, lines)
      const { assigned, done_before: before, no_user, not_verified, unchanged } = counts
      return {
        exitStatus: no_user + not_verified === 0 ? 0 : 1,
        found: { users, ...counts },
        text: `Assigned: ${assigned}. Had it before: ${unchanged}. Done by an earlier run: ${before}. Not in Auth0: ${no_user}. Not there afterwards: ${not_verified}.`,
      }
    } finally {
      state.close()
    }
  },
}

/** Before anybody gets anything: a name that is misspelt would be found in the middle. */
async function checkAll(path: string, idPrefix: string, catalogue: Catalogue) {
  let users = 0
  let hasMemberRoles = false
  for await (const assignment of readAssignments(path, idPrefix)) {
    users += 1
    hasMemberRoles ||= assignment.memberships.some(({ roles }) => roles.length > 0)
    const [unknown] = unknownNames(assignment, catalogue)
    if (unknown === undefined) continue
    const message = `Line ${assignment.line}: the tenant has no one ${unknown}. Make it, or give the id of the one that is meant. Nothing was assigned.`
    throw new CommandError('source_invalid', message)
  }
  return { users, hasMemberRoles }
}

const memberRoleScopes = ['read:organization_member_roles', 'create:organization_member_roles']

/** @throws {CommandError} `scope_missing`. */
async function assertMemberRoleScopes(tenant: Auth0Tenant): Promise<void> {
  const granted = await tenant.scopes()
  const missing = memberRoleScopes.filter((scope) => !granted.has(scope))
  if (missing.length === 0) return
  const message = `Roles within organizations take ${missing.join(', ')}: grant it to the application of AUTH0_CLIENT_ID. Nothing was assigned.`
  throw new CommandError('scope_missing', message)
}

interface AssignRun {
  readonly context: CommandContext
  readonly state: ImportState
  readonly manage: ReturnType<typeof leaveRoom>
  readonly catalogue: Catalogue
  readonly users: number
}

async function assignAll(
  { catalogue, context, manage, state, users }: AssignRun,
  path: string,
): Promise<Readonly<Record<AssignOutcome | 'done_before', number>>> {
  const counts = { done_before: 0, assigned: 0, unchanged: 0, no_user: 0, not_verified: 0 }
  let done = 0
  try {
    for await (const assignment of readAssignments(path, state.identity.idPrefix)) {
      const { digest, userId } = assignment
      if (state.assignments.isDone(userId, digest)) counts.done_before += 1
      else {
        const outcome = await assignUser(manage, assignment, catalogue)
        counts[outcome] += 1
        if (outcome === 'assigned' || outcome === 'unchanged') {
          state.assignments.setDone(userId, digest)
        }
      }
      done += 1
      context.progress.report({ what: 'assigned', done, total: users, unit: 'users' })
    }
  } finally {
    context.progress.end()
  }
  return counts
}
