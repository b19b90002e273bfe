import { listByCheckpoint, listResources } from '../../list-resources.ts'
import type { Manage } from '../jobs/leave-room.ts'
import { type Assigned, isNothing, missingOf, readAssigned, writeAssigned } from './assigned.ts'
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

/** By a name that several have, none of them is meant. */
function idsOf(resources: readonly Named[]): ReadonlyMap<string, string> {
  const byName = new Map(resources.map(({ id, name }) => [name, id]))
  const others = resources.filter(({ id, name }) => byName.get(name) !== id)
  for (const { name } of others) byName.delete(name)
  return new Map([...byName, ...resources.map(({ id }) => [id, id] as const)])
}

/** @returns Names in a line that the tenant does not have, for the operator to read. */
export function unknownNames(assignment: Assignment, catalogue: Catalogue): readonly string[] {
  const { memberships } = assignment
  const roles = [assignment.roles, ...memberships.map((one) => one.roles)].flat()
  const organizations = memberships.map(({ organization }) => organization)
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
  assignment: Assignment,
  catalogue: Catalogue,
): Promise<AssignOutcome> {
  const { userId } = assignment
  const wanted = wantedBy(assignment, catalogue)
  const before = await readAssigned(manage, userId, wanted)
  if (before === null) return 'no_user'
  const missing = missingOf(wanted, before)
  if (isNothing(missing)) return 'unchanged'
  await writeAssigned(manage, userId, missing, before)
  const after = await readAssigned(manage, userId, wanted)
  return after !== null && isNothing(missingOf(wanted, after)) ? 'assigned' : 'not_verified'
}

/** One organization may stand in a line by its name and by its id. */
function wantedBy({ memberships, roles }: Assignment, catalogue: Catalogue): Assigned {
  const idsOfRoles = (names: readonly string[]) =>
    new Set(names.flatMap((name) => catalogue.roles.get(name) ?? []))
  const wanted = new Map<string, ReadonlySet<string>>()
  for (const { organization, roles: within } of memberships) {
    const id = catalogue.organizations.get(organization)
    if (id === undefined) continue
    wanted.set(id, new Set([...idsOfRoles(within), ...(wanted.get(id) ?? [])]))
  }
  return { roles: idsOfRoles(roles), memberships: wanted }
}
