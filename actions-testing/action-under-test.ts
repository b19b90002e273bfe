import { createActionLoader, type LoadAction } from './action-module.ts'
import { overheard } from './host-console.ts'
import { jsonCopy } from './json-copy.ts'
import { createHostRealm } from './realm.ts'
import { sandboxBindings } from './sandbox.ts'

/** Any async function: what it takes is for its author to say, by Auth0's types or by ours. */
export type Handler = (event: never, api: never) => Promise<unknown>

interface Handlers {
  readonly onExecutePostLogin?: Handler
  readonly onContinuePostLogin?: Handler
  readonly onExecuteCredentialsExchange?: Handler
}

/** Source text of a bundle, one handler, or a module that exports handlers. */
export type ActionUnderTest = string | Handler | Handlers

/** What a bundle under test is to find in place of Node's or of npm's own. */
export interface StandIns {
  readonly globals?: Readonly<Record<string, unknown>>
  readonly modules?: Readonly<Record<string, unknown>>
}

/**
 * A loader of this one Action, in whichever form it is given.
 *
 * @param handler What a bare function is the handler of.
 */
export function loaderOf(
  action: ActionUnderTest,
  handler: string,
  { globals, modules }: StandIns,
): LoadAction {
  if (typeof action === 'string') {
    const realm = createHostRealm({ ...sandboxBindings(modules), ...globals })
    return createActionLoader(() => realm, false)
  }
  const given: Readonly<Record<string, unknown>> =
    typeof action === 'function' ? { [handler]: action } : { ...action }
  const handle = given[handler]
  if (typeof handle !== 'function' || handle.constructor.name !== 'AsyncFunction') {
    return () => ({ exports: given, copy: jsonCopy })
  }
  const exports = { ...given, [handler]: overheard(handle as Handler) }
  return () => ({ exports, copy: jsonCopy })
}
