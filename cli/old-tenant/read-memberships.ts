import { isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { Manage } from '../import/jobs/leave-room.ts'
import { listByCheckpoint, listResources } from '../list-resources.ts'
import {
  type MembershipRecords,
  type MembershipRow,
  openMembershipRecords,
} from './membership-records.ts'

/** Scopes of the old tenant's Management API, besides read:users. */
export const membershipScopes = [
  'read:roles',
  'read:role_members',
  'read:organizations',
  'read:organization_members',
  'read:organization_member_roles',
] as const

interface Named {
  readonly id: string
  readonly name: string
}

/** Of the old tenant, by id. */
type RoleNames = ReadonlyMap<string, string>

/**
 * Reads every role's users and every organization's members with their roles there: as many requests
 * as they fill pages, and not two for every user.
 *
 * @param folder On a disk with room for them.
 * @throws {CommandError} As `manage` and `succeeded` do; `request_failed`, for a list that is none.
 */
export async function readMemberships(
  manage: Manage,
  folder: string,
  onPage: (rows: number) => void,
): Promise<MembershipRecords> {
  const records = await openMembershipRecords(folder)
  try {
    const roles = await listResources<Named>({ manage }, 'roles', 'roles')
    const all = await listByCheckpoint<Named>({ manage }, 'organizations', 'organizations')
    const names = new Map(roles.map(({ id, name }) => [id, name]))
    const lists = [
      ...roles.map((role) => usersOf(manage, role)),
      ...all.map((organization) => membersOf(manage, organization, names)),
    ]
    for (const list of lists) {
      for await (const { length, rows } of list) {
        records.add(rows)
        onPage(length)
      }
    }
    return records
  } catch (error) {
    records.close()
    throw error
  }
}

interface Page {
  /** Of the list. */
  readonly length: number
  readonly rows: readonly MembershipRow[]
}

async function* usersOf(manage: Manage, { id, name: role }: Named): AsyncGenerator<Page> {
  const path = `roles/${encodeURIComponent(id)}/users`
  for await (const users of pagesOf(manage, path, 'users')) {
    yield { length: users.length, rows: users.map(({ user_id: user }) => ({ user, role })) }
  }
}

/** @see https://auth0.com/docs/api/management/v2/organizations/get-members for roles as a field. */
async function* membersOf(
  manage: Manage,
  { id, name: organization }: Named,
  names: RoleNames,
): AsyncGenerator<Page> {
  const path = `organizations/${encodeURIComponent(id)}/members`
  const asked = `${path}?fields=user_id,roles&include_fields=true`
  for await (const members of pagesOf(manage, asked, 'members')) {
    const rows: MembershipRow[] = []
    for (const member of members) {
      const user = member.user_id
      rows.push({ user, organization })
      const roles = await memberRoles(manage, path, member, names)
      for (const role of roles) rows.push({ user, organization, role })
    }
    yield { length: members.length, rows }
  }
}

interface Listed {
  readonly user_id: string
  readonly roles?: unknown
}

/** A page at a time: of nobody is more kept in memory. */
async function* pagesOf(
  manage: Manage,
  path: string,
  key: string,
): AsyncGenerator<readonly Listed[]> {
  const join = path.includes('?') ? '&' : '?'
  const what = `GET ${path.replace(/\?.*/, '').replace(/\/[^/]+\//, '/{id}/')} of the old tenant`
  for (let from: string | undefined; ; ) {
    const start = from === undefined ? '' : `&from=${encodeURIComponent(from)}`
    const body = succeeded<unknown>(await manage('GET', `${path}${join}take=100${start}`), what)
    const list = isObject(body) ? body[key] : body
    if (!Array.isArray(list) || !list.every(isListed)) throw unreadable(what)
    yield list
    const next = isObject(body) ? body.next : undefined
    if (typeof next !== 'string' || next === '') return
    from = next
  }
}

function isListed(one: unknown): one is Listed {
  return isObject(one) && typeof one.user_id === 'string'
}

/**
 * The roles that a member has within the organization: names of the tenant's, ids of others.
 *
 * @param path Of the organization's members.
 */
async function memberRoles(
  manage: Manage,
  path: string,
  { roles, user_id }: Listed,
  names: RoleNames,
): Promise<readonly string[]> {
  const own = `${path}/${encodeURIComponent(user_id)}/roles`
  // Shown with none is one thing, and not shown another: that would be a right that somebody loses.
  const shown: readonly unknown[] = Array.isArray(roles)
    ? roles
    : await listResources({ manage }, own, 'roles')
  return shown.map((role) => {
    const id = isObject(role) ? role.id : undefined
    if (typeof id !== 'string') {
      throw unreadable('GET organizations/{id}/members of the old tenant')
    }
    // An organization may have roles of its own, and one may be called as a role of the tenant's is: no
    // name is given to what is not the tenant's, and whoever assigns it has to say what it is to be.
    return names.get(id) ?? id
  })
}

function unreadable(what: string): CommandError {
  return new CommandError('request_failed', `${what}: the answer is no list that can be read.`)
}
