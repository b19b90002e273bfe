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
  return new Proxy(
    { ...secrets },
    {
      get(target, key, receiver) {
        if (typeof key === 'symbol' || key in target || key === 'toJSON') {
          return Reflect.get(target, key, receiver)
        }
        if (absent.includes(key)) return undefined
        state.misuse ??= new Error(`The Action ${name} reads secret ${key}, which it was not given`)
        throw state.misuse
      },
    },
  )
}
