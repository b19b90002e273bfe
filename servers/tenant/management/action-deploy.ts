import { randomUUID } from 'node:crypto'
import type { Action, DeployedVersion } from '../state.ts'

/** An Action; of more the oldest is deleted. */
// https://auth0.com/docs/customize/actions/limitations
const maxVersions = 50

/** What a version is made of. */
export type Deployable = Pick<DeployedVersion, 'code' | 'dependencies' | 'runtime' | 'secrets'>

/**
 * An Action that runs a new version of its own: one is never changed, and to deploy an earlier one
 * again makes a new one like it.
 *
 * @param now ISO 8601.
 */
export function withVersion(
  action: Action,
  { code, dependencies = [], runtime = action.runtime, secrets }: Deployable,
  now: string,
): Action & { readonly deployed: DeployedVersion } {
  const deployed: DeployedVersion = {
    ...{ code, dependencies, runtime, secrets },
    id: randomUUID(),
    number: (action.deployed?.number ?? 0) + 1,
    built_at: now,
    created_at: now,
  }
  return {
    ...action,
    deployed,
    versions: [...(action.versions ?? []), deployed].slice(-maxVersions),
  }
}

/**
 * Whether what runs is the draft as it stands, however often that was written meanwhile. A secret
 * that was given again counts as another, also with the value it had.
 */
export function isAllDeployed({ deployed, ...draft }: Action): boolean {
  return (
    deployed !== null &&
    partsOf(draft) === partsOf({ runtime: draft.runtime, ...deployed }) &&
    JSON.stringify(draft.secrets.map(secretParts)) ===
      JSON.stringify(deployed.secrets.map(secretParts))
  )
}

function partsOf({ code, dependencies = [], runtime }: Omit<Deployable, 'secrets'>): string {
  return JSON.stringify([code, dependencies, runtime])
}

function secretParts({ name, value, updated_at }: DeployedVersion['secrets'][number]) {
  return [name, value, updated_at]
}
