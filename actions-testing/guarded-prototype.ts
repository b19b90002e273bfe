import { inspect } from 'node:util'
import { isAsked } from './strict-members.ts'

/** Printed as what it holds: the console would say of another prototype that it is one. */
function held(this: object): object {
  return { ...this }
}

/**
 * A prototype for a plain object, of which reading what the object does not have is looked at. What is
 * not there is looked for in the prototype: the object itself is one that `structuredClone` takes, that
 * equals its like, that libraries take for a plain one and that prints as what it holds.
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
  return new Proxy(base, {
    get(target, key, receiver) {
      if (key === inspect.custom) return held
      return passes(target, key) ? Reflect.get(target, key, receiver) : missing(key)
    },
    has(target, key) {
      if (!passes(target, key)) missingIn(key)
      return Reflect.has(target, key)
    },
  })
}
