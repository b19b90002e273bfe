import { passForPlain } from './json-value.ts'
import { isAsked } from './strict-members.ts'

/**
 * A prototype for a plain object, of which reading what the object does not have is looked at. What is
 * not there is looked for in the prototype: the object itself is one that `structuredClone` takes, that
 * equals its like and that prints as what it holds.
 *
 * @param base The prototype that it takes the place of, of whichever realm.
 * @param missing Called for a name that is nowhere to be found; its result is what is read. May throw.
 * @param missingIn Called when `in` asks for such a name. May throw.
 */
export function guardedPrototype(
  base: object,
  missing: (name: string) => unknown,
  missingIn: (name: string) => unknown = () => undefined,
): object {
  const passes = (target: object, key: string | symbol): key is symbol =>
    typeof key === 'symbol' || key in target || isAsked(key)
  const prototype = new Proxy(Object.create(base) as object, {
    get: (target, key, receiver) =>
      passes(target, key) ? Reflect.get(target, key, receiver) : missing(key),
    has(target, key) {
      if (!passes(target, key)) missingIn(key)
      return Reflect.has(target, key)
    },
  })
  passForPlain(prototype)
  return prototype
}
