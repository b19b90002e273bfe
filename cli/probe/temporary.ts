import { type Answer, type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import type { Journal, Resource } from './journal.ts'
import { removeResource } from './resources.ts'

export interface Maker {
  /** @throws {CommandError} `request_failed` when the tenant refuses. */
  make<Body>(resource: Resource, create: () => Promise<Answer>): Promise<Body>
  /** As `make`, whatever the tenant answers. */
  attempt(resource: Resource, create: () => Promise<Answer>): Promise<Answer>
  /** As `make`, and it stays until the run ends. */
  makeForRun<Body>(resource: Resource, create: () => Promise<Answer>): Promise<Body>
  /** Removes what was made since the last time, but for what stays. */
  removeTemporary(): Promise<void>
}

export function createMaker(tenant: Auth0Tenant, journal: Journal): Maker {
  const kept = new Set<string>()

  async function attempt(resource: Resource, create: () => Promise<Answer>): Promise<Answer> {
    journal.note(resource)
    return create()
  }

  async function make<Body>(resource: Resource, create: () => Promise<Answer>): Promise<Body> {
    return succeeded<Body>(await attempt(resource, create), `${resource.kind} for a probe`)
  }

  return {
    attempt,
    make,
    makeForRun(resource, create) {
      kept.add(resource.name)
      return make(resource, create)
    },
    removeTemporary: () =>
      removeAll(
        tenant,
        journal,
        journal.left.filter(({ name }) => !kept.has(name)),
      ),
  }
}

/**
 * Removes what a journal has, last first: an Action is unbound before it goes. One that cannot be
 * removed holds up no other.
 *
 * @throws {CommandError} What went wrong first, when all else is removed.
 */
export async function removeAll(
  tenant: Auth0Tenant,
  journal: Journal,
  resources: readonly Resource[] = journal.left,
): Promise<void> {
  const failures: unknown[] = []
  for (const resource of [...resources].reverse()) {
    try {
      await removeResource(tenant, resource)
      journal.strike(resource)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
