import { isObject, succeeded } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import { listResources } from '../../list-resources.ts'
import type { Manage } from '../jobs/leave-room.ts'

/** What a user has, or is to have. All by id. */
export interface Assigned {
  readonly roles: ReadonlySet<string>
  /** Organizations, and the roles within each. */
  readonly memberships: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * @param wanted Roles within an organization take a request for each: they are read only where some
 *   are wanted.
 * @returns null for a user whom Auth0 does not have.
 */
export async function readAssigned(
  manage: Manage,
  userId: string,
  wanted: Assigned,
): Promise<Assigned | null> {
  const user = `users/${encodeURIComponent(userId)}`
  const answer = await manage('GET', `${user}?fields=user_id&include_fields=true`)
  if (answer.status === 404) return null
  succeeded(answer, 'GET users/{id}')
  const roles = await readIds(manage, `${user}/roles`, 'roles')
  const memberships = new Map<string, ReadonlySet<string>>()
  for (const id of await readIds(manage, `${user}/organizations`, 'organizations')) {
    const isAsked = (wanted.memberships.get(id)?.size ?? 0) > 0
    const path = memberRolesPath(id, userId)
    memberships.set(id, isAsked ? await readIds(manage, path, 'roles') : new Set())
  }
  return { roles, memberships }
}

async function readIds(manage: Manage, path: string, key: string): Promise<ReadonlySet<string>> {
  const found = await listResources<{ readonly id: string }>({ manage }, path, key)
  return new Set(found.map(({ id }) => id))
}

function memberRolesPath(organization: string, userId: string): string {
  const ids = [organization, userId].map(encodeURIComponent)
  return `organizations/${ids[0]}/members/${ids[1]}/roles`
}

/** What of `wanted` is not in `found`: a membership is when it is not there, or lacks a role. */
export function missingOf(wanted: Assigned, found: Assigned): Assigned {
  const memberships = [...wanted.memberships].flatMap(([id, roles]) => {
    const has = found.memberships.get(id)
    const lacks = without(roles, has)
    return has === undefined || lacks.size > 0 ? [[id, lacks] as const] : []
  })
  return { roles: without(wanted.roles, found.roles), memberships: new Map(memberships) }
}

function without(
  ids: ReadonlySet<string>,
  others: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  return new Set([...ids].filter((id) => !others.has(id)))
}

export function isNothing({ memberships, roles }: Assigned): boolean {
  return roles.size + memberships.size === 0
}

/** Adds; takes nothing away. What came of it is read afterwards, and not taken from the answers. */
export async function writeAssigned(
  manage: Manage,
  userId: string,
  missing: Assigned,
  found: Assigned,
): Promise<void> {
  if (missing.roles.size > 0) {
    const roles = [...missing.roles]
    await write(manage, `users/${encodeURIComponent(userId)}/roles`, { roles })
  }
  for (const [id, lacks] of missing.memberships) {
    const path = `organizations/${encodeURIComponent(id)}/members`
    const isMember = found.memberships.has(id) || (await write(manage, path, { members: [userId] }))
    // Who is no member can have no roles there: they wait for the next run.
    if (!isMember || lacks.size === 0) continue
    await write(manage, memberRolesPath(id, userId), { roles: [...lacks] })
  }
}

/** @returns False where nobody knows whether it was done. */
async function write(manage: Manage, path: string, body: object): Promise<boolean> {
  const answer = await manage('POST', path, body).catch((error: unknown) => {
    if (error instanceof CommandError && error.code === 'tenant_unreachable') return null
    throw error
  })
  if (answer === null || answer.status >= 500) return false
  if (answer.status === 409 && isObject(answer.body)) return true
  succeeded(answer, `POST ${path.replaceAll(/(users|organizations|members)\/[^/]+/g, '$1/{id}')}`)
  return true
}
