import type { DeployedAction } from './runtime.ts'
import { isAsked } from './strict-members.ts'
import type { TriggerState } from './trigger-state.ts'

/**
 * An Action's secrets, of which reading one that was not given throws. The Action may catch that, so
 * the mistake is also kept, to reject the run.
 *
 * What is not there is looked for in the prototype, and that is what throws: the object itself is one
 * that `structuredClone` takes and that prints as what it holds.
 *
 * @param absent Names that may be read and are not there: secrets that are optional.
 */
export function strictSecrets(
  { name, secrets }: DeployedAction,
  state: TriggerState,
  absent: readonly string[] = [],
): Readonly<Record<string, string>> {
  const missing = new Proxy(Object.prototype, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || isAsked(key)) {
        return Reflect.get(target, key, receiver)
      }
      if (absent.includes(key)) return undefined
      state.misuse ??= new Error(`The Action ${name} reads secret ${key}, which it was not given`)
      throw state.misuse
    },
  })
  return Object.create(missing, Object.getOwnPropertyDescriptors(secrets))
}
