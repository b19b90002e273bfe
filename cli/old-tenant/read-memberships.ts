import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isObject, succeeded } from '../auth0-tenant.ts'
import type { Manage } from '../import/jobs/leave-room.ts'
import { openSqlite } from '../import/state/open-sqlite.ts'
import { listByCheckpoint, listResources } from '../list-resources.ts'

/** Who has which roles and is a member of which organizations, on disk: there may be millions. */
export interface Memberships {
  /** Names, in order. @param userId Of a profile, with its provider. */
  of(userId: string): {
    readonly roles: readonly string[]
    readonly organizations: readonly string[]
  }
  close(): void
}

/** Scopes of the old tenant's Management API, besides read:users. */
export const membershipScopes = [
  'read:roles',
  'read:role_members',
  'read:organizations',
  'read:organization_members',
] as const

interface Named {
  readonly id: string
  readonly name: string
}

/**
 * Reads every role's users and every organization's members: as many requests as they fill pages, and
 * not two for every user.
 *
 * @param folder On a disk with room for them.
 * @throws {CommandError} As `manage` and `succeeded` do.
 */
export async function readMemberships(
  manage: Manage,
  folder: string,
  onPage: (rows: number) => void,
): Promise<Memberships> {
  const own = await mkdtemp(join(folder, '.import-'))
  const database = openSqlite(join(own, 'memberships'))
  const close = () => {
    database.close()
    // Some systems keep the name of a file that is open.
    rmSync(own, { recursive: true, force: true })
  }
  try {
    database.exec(
      'pragma journal_mode = off; pragma temp_store = memory; create table memberships (user text, kind text, name text, primary key (user, kind, name)) without rowid',
    )
    // Open it is, and without a name: nothing of it is left when this process is killed.
    await rm(own, { recursive: true, force: true }).catch(() => undefined)
    const roles = await listResources<Named>({ manage }, 'roles', 'roles')
    const organizations = await listByCheckpoint<Named>(
      { manage },
      'organizations',
      'organizations',
    )
    for (const { id, name } of roles) {
      const path = `roles/${encodeURIComponent(id)}/users`
      await readList(manage, path, 'users', rowsInto(database, 'role', name, onPage))
    }
    for (const { id, name } of organizations) {
      const path = `organizations/${encodeURIComponent(id)}/members`
      await readList(manage, path, 'members', rowsInto(database, 'organization', name, onPage))
    }
    return { of: (userId) => membershipsOf(database, userId), close }
  } catch (error) {
    close()
    throw error
  }
}

/** A page at a time: of nobody is more kept in memory. */
async function readList(
  manage: Manage,
  path: string,
  key: string,
  add: (users: readonly unknown[]) => void,
): Promise<void> {
  for (let from: string | undefined; ; ) {
    const start = from === undefined ? '' : `&from=${encodeURIComponent(from)}`
    const answer = await manage('GET', `${path}?take=100${start}`)
    const what = `GET ${path.replace(/\/[^/]+\//, '/{id}/')} of the old tenant`
    const body = succeeded<unknown>(answer, what)
    const list = isObject(body) ? body[key] : body
    add(Array.isArray(list) ? list : [])
    const next = isObject(body) ? body.next : undefined
    if (typeof next !== 'string' || next === '') return
    from = next
  }
}

function rowsInto(
  database: DatabaseSync,
  kind: 'organization' | 'role',
  name: string,
  onPage: (rows: number) => void,
) {
  const insert = database.prepare(
    'insert or ignore into memberships (user, kind, name) values (?, ?, ?)',
  )
  return (users: readonly unknown[]) => {
    database.exec('begin')
    for (const user of users) {
      if (isObject(user) && typeof user.user_id === 'string') insert.run(user.user_id, kind, name)
    }
    database.exec('commit')
    onPage(users.length)
  }
}

function membershipsOf(database: DatabaseSync, userId: string) {
  const rows = database
    .prepare('select kind, name from memberships where user = ? order by name')
    .all(userId) as unknown as readonly { readonly kind: string; readonly name: string }[]
  const names = (kind: string) => rows.filter((row) => row.kind === kind).map(({ name }) => name)
  return { roles: names('role'), organizations: names('organization') }
}
