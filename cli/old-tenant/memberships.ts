import { type FileHandle, open, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { oldTenantUser } from '../../core/old-tenant-user.ts'
import { type Command, type CommandContext, CommandError } from '../command.ts'
import { misused, parseCommandLine } from '../command-line.ts'
import { leaveRoom } from '../import/jobs/leave-room.ts'
import { openTemporaryFile } from '../temporary-file.ts'
import { clearLeftovers } from './clear-leftovers.ts'
import { assertOldTenantScopes, connectOldTenant, type OldTenant } from './connect-old-tenant.ts'
import { exportedUsers } from './export-rows.ts'
import { exportUsers } from './export-users.ts'
import type { MembershipRecords } from './membership-records.ts'
import { membershipScopes, readMemberships } from './read-memberships.ts'

const usage = `Usage: npx migration import memberships FILE [--json]

Writes who has which roles on the old tenant, and is a member of which of its organizations with which
roles there, as NDJSON for npx migration import assign. Users of OLD_TENANT_CONNECTION who have neither
are left out. Roles that come by a group are not in it.

  FILE     where to write; never written over
  --json   print { users, with_memberships, skipped, file }

Settings, from the environment: OLD_TENANT_DOMAIN, OLD_TENANT_CLIENT_ID, OLD_TENANT_CLIENT_SECRET,
OLD_TENANT_CONNECTION; and an application of the old tenant with the scopes read:users, read:roles,
read:role_members, read:organizations, read:organization_members, read:organization_member_roles, where
that one has them not: OLD_TENANT_OPERATOR_CLIENT_ID, OLD_TENANT_OPERATOR_CLIENT_SECRET.

Exit status: 0 written, 1 somebody could not be read, or it failed, 2 the command line or a setting was
wrong.`

/** `npx migration import memberships` */
export const membershipsCommand: Command = {
  usage,
  async run(args, context) {
    const options = { json: { type: 'boolean', default: false } } as const
    const parsed = parseCommandLine({ args, options, allowPositionals: true }, usage)
    const [name, ...others] = parsed.positionals
    if (name === undefined || others.length > 0) throw misused('Name the file.', usage)
    const old = connectOldTenant(context)
    await assertOldTenantScopes(old, ['read:users', ...membershipScopes])
    const file = resolve(context.cwd, name)
    const found = { ...(await writeMemberships(old, file, context)), file }
    return {
      exitStatus: found.skipped === 0 ? 0 : 1,
      found,
      text: `${found.users} users of ${old.connection}; with roles or organizations: ${found.with_memberships}; that cannot be read: ${found.skipped}. Written to ${file}.`,
    }
  },
}

async function writeMemberships(old: OldTenant, file: string, context: CommandContext) {
  const { progress, say, signal } = context
  const target = await open(file, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'EEXIST' ? 'file_exists' : 'file_not_writable'
    throw new CommandError(code, `${file} cannot be written (${cause.code}).`, { cause })
  })
  await clearLeftovers(dirname(file), Date.now())
  const exported = await openTemporaryFile(dirname(file))
  let done = false
  try {
    say(`The old tenant ${old.tenant.domain} exports its users …`)
    await exportUsers(old.tenant, exported.handle, context)
    let rows = 0
    const manage = leaveRoom(old.tenant.manage, { signal })
    const memberships = await readMemberships(manage, dirname(file), (more) => {
      rows += more
      progress.report({ what: 'read', done: rows, unit: 'memberships' })
    })
    progress.end()
    try {
      const write = async (line: object) => void (await target.write(`${JSON.stringify(line)}\n`))
      const { connection } = old
      const counts = await writeAll({ exported: exported.handle, connection, memberships, write })
      done = true
      return counts
    } finally {
      memberships.close()
    }
  } finally {
    await target.close()
    await exported.close()
    // Half a list would look like a whole one.
    if (!done) await rm(file, { force: true })
  }
}

async function writeAll(input: {
  readonly exported: FileHandle
  readonly connection: string
  readonly memberships: MembershipRecords
  readonly write: (line: object) => Promise<void>
}) {
  const { connection, memberships, write } = input
  const counts = { users: 0, with_memberships: 0, skipped: 0 }
  for await (const { profile } of exportedUsers(input.exported, connection)) {
    counts.users += 1
    const user = oldTenantUser(profile, { connection })
    if (user === null) counts.skipped += 1
    // They belong to the profile: of linked accounts to the primary one.
    const { organizations, roles } = memberships.of(String(profile.user_id))
    if (user === null || roles.length + organizations.length === 0) continue
    counts.with_memberships += 1
    await write({ legacy_id: user.legacy_id, roles, organizations })
  }
  return counts
}
