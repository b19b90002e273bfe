/**
 * A copy of `value` as it arrives after a trip through JSON. Refuses what JSON would lose without a
 * word: functions, symbols, big integers, NaN, infinities, cycles, and objects such as Map.
 *
 * @param name What to call the value in an error: `value`, and `value.roles[0]` inside it.
 * @throws {TypeError} Names the place and the kind, never the content.
 */
export function copyJson(value: unknown, name: string): unknown {
  return copy(value, name, [])
}

function copy(value: unknown, name: string, above: readonly object[]): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new TypeError(`${name} is ${value}, which JSON cannot hold`)
  }
  if (typeof value !== 'object') {
    throw new TypeError(`${name} is ${kindOf(value)}, which JSON cannot hold`)
  }
  if (above.includes(value)) throw new TypeError(`${name} is a circle, which JSON cannot hold`)
  const path = [...above, value]
  if (Array.isArray(value)) {
    // Not `value.map`, which makes an array of the realm that `value` came from.
    return Array.from(value, (item, index) => copy(item ?? null, `${name}[${index}]`, path))
  }
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return copy(value.toJSON(), name, path)
  }
  if (!isPlainObject(value)) throw new TypeError(`${name} is ${kindOf(value)}, not a plain object`)
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.map(([key, member]) => [key, copy(member, `${name}.${key}`, path)]),
  )
}

/** True for `{}` and `Object.create(null)`, also when they come from another context. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: object | null = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return true
  return Object.getPrototypeOf(prototype) === null && 'hasOwnProperty' in value
}

/** `a string`, `an array`, `an instance of Map`: for messages, without the value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value !== 'object') return `a ${typeof value}`
  return isPlainObject(value)
    ? 'an object'
    : `an instance of ${value.constructor?.name ?? 'a class'}`
}

/** Length of `value` as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}
