import { nearestName } from './did-you-mean.ts'

/** Read by the language, the console and assertions, not by who wrote the code: `await api`, `toEqual`. */
const asked = new Set(['then', 'toJSON', 'href', 'inspect', 'nodeType', 'asymmetricMatch'])

/** True for members that only the language and assertion libraries ask an object for. */
export function isAsked(key: string): boolean {
  return asked.has(key) || key.startsWith('$$') || key.startsWith('@@')
}

/**
 * An object that has the members named and throws on any other, naming it and the nearest real one.
 * Members are made when they are first read, since an Action uses few of them.
 *
 * @param onUnknown Hears of it too, since whoever reads may catch.
 * @throws {TypeError} From the object: on reading, setting or deleting what it does not have.
 */
export function strictMembers(
  path: string,
  names: readonly string[],
  member: (name: string) => unknown,
  onUnknown?: (error: Error) => void,
): object {
  const made = new Map<string, unknown>()
  const read = (name: string) => {
    if (!made.has(name)) made.set(name, member(name))
    return made.get(name)
  }
  return new Proxy(
    {},
    {
      get(target, key, receiver) {
        if (typeof key === 'string' && names.includes(key)) return read(key)
        if (typeof key === 'symbol' || isAsked(key) || key in target) {
          return Reflect.get(target, key, receiver)
        }
        const error = new TypeError(unknownMember(path, key, names))
        onUnknown?.(error)
        throw error
      },
      set(_target, key) {
        throw new TypeError(`${path}.${String(key)} cannot be set`)
      },
      deleteProperty(_target, key) {
        throw new TypeError(`${path}.${String(key)} cannot be deleted`)
      },
      has: (_target, key) => typeof key === 'string' && names.includes(key),
      ownKeys: () => [...names],
      getOwnPropertyDescriptor(_target, key) {
        if (typeof key !== 'string' || !names.includes(key)) return undefined
        return { configurable: true, enumerable: true, value: read(key) }
      },
    },
  )
}

/** What to say of a member that does not exist. */
export function unknownMember(path: string, key: string, names: readonly string[]): string {
  const nearest = nearestName(key, names)
  const hint = nearest === null ? `it has ${names.join(', ')}` : `did you mean ${path}.${nearest}?`
  return `${path}.${key} does not exist; ${hint}`
}
