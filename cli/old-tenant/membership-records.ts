import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openSqlite } from '../import/state/open-sqlite.ts'

/** Roles and organizations by name, as lines for `import assign` have them. */
interface UserMemberships {
  readonly roles: readonly string[]
  readonly organizations: readonly (
    | string
    | { readonly organization: string; readonly roles: readonly string[] }
  )[]
}

/** A role of the tenant's, a membership, or a role within an organization. */
export interface MembershipRow {
  /** Of a profile, with its provider. */
  readonly user: string
  readonly organization?: string
  readonly role?: string
}

/** Who has which roles and is a member of which organizations, on disk: there may be millions. */
export interface MembershipRecords {
  add(rows: readonly MembershipRow[]): void
  /** In the order of their names. */
  of(user: string): UserMemberships
  close(): void
}

const schema = `pragma journal_mode = off; pragma temp_store = memory;
  create table memberships (
    user text, organization text, role text, primary key (user, organization, role)
  ) without rowid`

/** @param folder On a disk with room for them. Nothing is left there. */
export async function openMembershipRecords(folder: string): Promise<MembershipRecords> {
  const own = await mkdtemp(join(folder, '.import-'))
  const database = openSqlite(join(own, 'memberships'))
  database.exec(schema)
  // Open it is, and without a name: nothing of it is left when this process is killed.
  await rm(own, { recursive: true, force: true }).catch(() => undefined)
  const insert = database.prepare('insert or ignore into memberships values (?, ?, ?)')
  const find = database.prepare(
    'select organization, role from memberships where user = ? order by organization, role',
  )
  return {
    add(rows) {
      database.exec('begin')
      for (const { organization = '', role = '', user } of rows) {
        insert.run(user, organization, role)
      }
      database.exec('commit')
    },
    of: (user) => membershipsOf(find.all(user) as unknown as readonly FoundRow[]),
    close() {
      database.close()
      // Some systems keep the name of a file that is open.
      rmSync(own, { recursive: true, force: true })
    },
  }
}

/** Empty for what there is none of. */
interface FoundRow {
  readonly organization: string
  readonly role: string
}

function membershipsOf(rows: readonly FoundRow[]): UserMemberships {
  const rolesIn = new Map<string, string[]>()
  for (const { organization, role } of rows) {
    const roles = rolesIn.get(organization) ?? []
    if (role !== '') roles.push(role)
    rolesIn.set(organization, roles)
  }
  const organizations = [...rolesIn].filter(([organization]) => organization !== '')
  return {
    roles: rolesIn.get('') ?? [],
    organizations: organizations.map(([organization, within]) =>
      within.length === 0 ? organization : { organization, roles: within },
    ),
  }
}
