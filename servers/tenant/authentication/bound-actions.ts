import type { DeployedAction } from '../../../actions-testing/runtime.ts'
import type { CachedTrigger } from '../../../actions-testing/trigger-caches.ts'
import type { Tenant } from '../state.ts'

/** What is deployed of the Actions that are bound to a trigger, in their order. */
export function boundActions({ state }: Tenant, trigger: CachedTrigger): readonly DeployedAction[] {
  return (state.bindings.get(trigger) ?? []).flatMap(({ action_id }) => {
    const action = state.actions.get(action_id)
    if (!action?.deployed) return []
    const { code, secrets } = action.deployed
    return [
      {
        name: action.name,
        code,
        secrets: Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
      },
    ]
  })
}
