import { isPlainObject } from './json-value.ts'
import { isAsked, unknownMember } from './strict-members.ts'

/** Members that hold names of the Action's own: any may be there or not. */
const dictionaries = new Set([
  'accessTokenClaims',
  'appMetadata',
  'idTokenClaims',
  'transactionMetadata',
  'userMetadata',
])

/**
 * An outcome of which reading a member that does not exist throws, at any depth, naming the nearest:
 * `expect(outcome.denyed).toBeUndefined()` would pass otherwise, whatever the Action did.
 *
 * @param path What the object is called in the message: `outcome`.
 * @param note Added to the message, such as the seed of the event.
 */
export function strictOutcome<Outcome extends object>(
  outcome: Outcome,
  path: string,
  note = '',
): Outcome {
  return strict(outcome, path, note) as Outcome
}

function strict(value: unknown, path: string, note: string): unknown {
  if (Array.isArray(value)) {
    return Object.freeze(value.map((item, index) => strict(item, `${path}[${index}]`, note)))
  }
  if (!isPlainObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [
    name,
    dictionaries.has(name) || name === 'args' ? member : strict(member, `${path}.${name}`, note),
  ])
  const names = Object.keys(value)
  return new Proxy(Object.freeze(Object.fromEntries(members)), {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || isAsked(key)) {
        return Reflect.get(target, key, receiver)
      }
      throw new TypeError(`${unknownMember(path, key, names)}${note}`)
    },
  })
}
