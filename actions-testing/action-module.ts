import type { Realm } from './realm.ts'
import type { DeployedAction } from './runtime.ts'

/** A bundle that was loaded: what the platform keeps warm between executions. */
interface ActionModule {
  readonly exports: Readonly<Record<string, unknown>>
  /** A copy as it arrives after a trip through JSON, of objects of the bundle's realm. */
  readonly copy: (value: unknown) => unknown
}

export type LoadAction = (action: DeployedAction) => ActionModule

/** Evaluates a CommonJS bundle. What it throws while loading, it throws here. */
function loadAction(realm: Realm, { name, code }: DeployedAction): ActionModule {
  const module: { exports: Record<string, unknown> } = { exports: {} }
  realm.evaluate(code, `${name}.js`, { module, exports: module.exports })
  return { exports: module.exports, copy: realm.copy }
}

/**
 * @param createRealm A new realm; each instance of an Action has its own.
 * @param warm Whether an instance, and so what it keeps at module level, serves later logins too. Auth0's
 *   does: https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-nodejs-22
 */
export function createActionLoader(createRealm: () => Realm, warm: boolean): LoadAction {
  if (!warm) return (action) => loadAction(createRealm(), action)
  const instances = new Map<string, { readonly code: string; readonly module: ActionModule }>()
  return (action) => {
    const instance = instances.get(action.name)
    if (instance?.code === action.code) return instance.module
    const module = loadAction(createRealm(), action)
    instances.set(action.name, { code: action.code, module })
    return module
  }
}
