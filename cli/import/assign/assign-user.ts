import { isObject, succeeded } from '../../auth0-tenant.ts'
import { listByCheckpoint, listResources } from '../../list-resources.ts'
import type { Manage } from '../jobs/leave-room.ts'
import type { Assignment } from './read-assignments.ts'

/** The tenant's roles and organizations, by name and by id. */
export interface Catalogue {
  readonly roles: ReadonlyMap<string, string>
  readonly organizations: ReadonlyMap<string, string>
}

export type AssignOutcome =
  | 'assigned'
  /** Auth0 has no such user yet. */
  | 'no_user'
  /** What is there afterwards is not what was asked for. */
  | 'not_verified'
  | 'unchanged'

interface Named {
  readonly id: string
  readonly name: string
}

export async function readCatalogue(manage: Manage): Promise<Catalogue> {
  const roles = await listResources<Named>({ manage }, 'roles', 'roles')
  const organizations = await listByCheckpoint<Named>({ manage }, 'organizations', 'organizations')
  return { roles: idsOf(roles), organizations: idsOf(organizations) }
}

function idsOf(resources: readonly Named[]): ReadonlyMap<string, string> {
  return new Map(resources.flatMap(({ id, name }) => [[id, id] as const, [name, id] as const]))
}

/** @returns Names in a line that the tenant does not have, for the operator to read. */
export function unknownNames(assignment: Assignment, catalogue: Catalogue): readonly string[] {
  const { organizations, roles } = assignment
  return [
    ...roles.filter((name) => !catalogue.roles.has(name)).map((name) => `role ${name}`),
    ...organizations
      .filter((name) => !catalogue.organizations.has(name))
      .map((name) => `organization ${name}`),
  ]
}

/**
 * Gives a user what they lack, and takes nothing away. What they have is read before and after: what
 * Auth0 answered to a write that got lost does not matter.
 */
export async function assignUser(
  manage: Manage,
  { organizations, roles, userId }: Assignment,
  catalogue: Catalogue,
): Promise<AssignOutcome> {
  const wanted = {
    roles: roles.flatMap((name) => catalogue.roles.get(name) ?? []),
    organizations: organizations.flatMap((name) => catalogue.organizations.get(name) ?? []),
  }
  const before = await readAssigned(manage, userId)
  if (before === null) return 'no_user'
  const missing = missingOf(wanted, before)
  if (missing.roles.length + missing.organizations.length === 0) return 'unchanged'
  const user = encodeURIComponent(userId)
  if (missing.roles.length > 0) {
    await write(manage, `users/${user}/roles`, { roles: missing.roles })
  }
  for (const id of missing.organizations) {
    await write(manage, `organizations/${encodeURIComponent(id)}/members`, { members: [userId] })
  }
  const after = await readAssigned(manage, userId)
  if (after === null) return 'not_verified'
  const left = missingOf(wanted, after)
  return left.roles.length + left.organizations.length === 0 ? 'assigned' : 'not_verified'
}

interface Assigned {
  readonly roles: readonly string[]
  readonly organizations: readonly string[]
}

function missingOf(wanted: Assigned, found: Assigned): Assigned {
  return {
    roles: wanted.roles.filter((id) => !found.roles.includes(id)),
    organizations: wanted.organizations.filter((id) => !found.organizations.includes(id)),
  }
}

async function readAssigned(manage: Manage, userId: string): Promise<Assigned | null> {
  const user = `users/${encodeURIComponent(userId)}`
  const answer = await manage('GET', `${user}?fields=user_id&include_fields=true`)
  if (answer.status === 404) return null
  succeeded(answer, 'GET users/{id}')
  const roles = await listResources<Named>({ manage }, `${user}/roles`, 'roles')
  const organizations = await listResources<Named>(
    { manage },
    `${user}/organizations`,
    'organizations',
  )
  const idOf = ({ id }: Named) => id
  return { roles: roles.map(idOf), organizations: organizations.map(idOf) }
}

async function write(manage: Manage, path: string, body: object): Promise<void> {
  const what = `POST ${path.startsWith('users/') ? 'users/{id}/roles' : 'organizations/{id}/members'}`
  const answer = await manage('POST', path, body)
  // A failure of Auth0's may have done it: what is there afterwards says so.
  if (answer.status >= 500) return
  const { body: answered, status } = answer
  if (status === 409 && isObject(answered)) return
  succeeded(answer, what)
}
