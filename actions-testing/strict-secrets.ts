import { guardedPrototype } from './guarded-prototype.ts'
import type { DeployedAction } from './runtime.ts'
import type { TriggerState } from './trigger-state.ts'

/**
 * An Action's secrets, of which reading one that was not given throws. The Action may catch that, so
 * the mistake is also kept, to reject the run.
 *
 * @param absent Names that may be read and are not there: secrets that are optional.
 */
export function strictSecrets(
  { name, secrets }: DeployedAction,
  state: TriggerState,
  absent: readonly string[] = [],
): Readonly<Record<string, string>> {
  const missing = guardedPrototype(Object.prototype, (key) => {
    if (absent.includes(key)) return undefined
    state.misuse ??= new Error(`The Action ${name} reads secret ${key}, which it was not given`)
    throw state.misuse
  })
  return Object.create(missing, Object.getOwnPropertyDescriptors(secrets))
}
