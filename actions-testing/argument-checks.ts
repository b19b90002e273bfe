import { isPlainObject, kindOf } from './json-value.ts'
import { unknownMember } from './strict-members.ts'

export interface Check {
  /** Null when the value will do; otherwise what it has to be: `a string`. */
  (value: unknown): string | null
  /** Documented members of an object. */
  readonly inside?: Readonly<Record<string, Check>>
  /** What each of a list is. */
  readonly each?: Check
}

export const text: Check = (value) => (typeof value === 'string' ? null : 'a string')

/** A name: a string that is not empty. */
export const name: Check = (value) =>
  typeof value === 'string' && value !== '' ? null : 'a string that is not empty'

// https://github.com/auth0/auth0-actions
const maxScopeCharacters = 280

/** A scope, which is taken without the white space around it. */
export const scope: Check = (value) =>
  typeof value === 'string' &&
  /^\S+$/.test(value.trim()) &&
  value.trim().length <= maxScopeCharacters
    ? null
    : `a string of 1 to ${maxScopeCharacters} characters without white space`

export const flag: Check = (value) => (typeof value === 'boolean' ? null : 'a boolean')

export const number: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) ? null : 'a finite number'

/** What JSON can hold; the copy that is made of every argument finds what is inside. */
export const json: Check = (value) => (value === undefined ? 'a JSON value (null deletes)' : null)

export const anything: Check = () => null

/** Whole numbers that JavaScript cannot hold exactly are none: the page wants them serialised. */
export const scalar: Check = (value) => {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return 'a safe integer'
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
    ? null
    : 'a string, a number, a boolean or null'
}

export const webUrl: Check = (value) => {
  const url = typeof value === 'string' ? URL.parse(value) : null
  return url !== null && /^https?:$/.test(url.protocol) ? null : 'an http: or https: URL'
}

export function optional(check: Check): Check {
  const { each, inside } = check
  return Object.assign((value: unknown) => (value === undefined ? null : check(value)), {
    ...(each && { each }),
    ...(inside && { inside }),
  })
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && allowed.includes(value) ? null : `one of ${allowed.join(', ')}`
}

export function textOfAtMost(characters: number): Check {
  return (value) =>
    typeof value === 'string' && value.length <= characters
      ? null
      : `a string of at most ${characters} characters`
}

/** As `textOfAtMost`, and not empty. */
export function nameOfAtMost(characters: number): Check {
  const sized = textOfAtMost(characters)
  return (value) => name(value) ?? sized(value)
}

/** Size in UTF-8. */
export function textOfBytes(most: number): Check {
  return (value) =>
    typeof value === 'string' && Buffer.byteLength(value) <= most
      ? null
      : `a string of at most ${most} bytes`
}

/** As `textOfBytes`, and not empty. */
export function nameOfBytes(most: number): Check {
  const sized = textOfBytes(most)
  return (value) => name(value) ?? sized(value)
}

export function listOf(check: Check, most = Number.POSITIVE_INFINITY): Check {
  const list = (value: unknown) => {
    if (!Array.isArray(value)) return 'an array'
    if (value.length > most) return `an array of at most ${most}`
    const wrong = value.map(check).find((expected) => expected !== null)
    return wrong === undefined ? null : `an array, each of it ${wrong}`
  }
  return Object.assign(list, { each: check })
}

/** An object whose members pass; others are let through, as Auth0 adds to its options. */
export function objectOf(members: Readonly<Record<string, Check>>): Check {
  const object = (value: unknown) => {
    if (!isPlainObject(value)) return 'an object'
    for (const [member, check] of Object.entries(members)) {
      const expected = check(value[member])
      if (expected !== null) return `an object whose ${member} is ${expected}`
    }
    return null
  }
  return Object.assign(object, { inside: members })
}

/** Says of the first member that no page documents that it does not exist; null when there is none. */
export function undocumentedOption(check: Check, value: unknown, place: string): string | null {
  if (check.each !== undefined && Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const problem = undocumentedOption(check.each, item, `${place}[${index}]`)
      if (problem !== null) return problem
    }
  }
  if (check.inside === undefined || !isPlainObject(value)) return null
  for (const [name, member] of Object.entries(value)) {
    const inner = check.inside[name]
    const problem =
      inner === undefined
        ? unknownMember(place, name, Object.keys(check.inside))
        : undocumentedOption(inner, member, `${place}.${name}`)
    if (problem !== null) return problem
  }
  return null
}

export type Parameter = readonly [parameter: string, check: Check]

/** @throws {TypeError} Naming the method, the parameter, and the kind of what was given. */
export function checkArguments(
  method: string,
  parameters: readonly Parameter[],
  args: readonly unknown[],
): void {
  for (const [index, [parameter, check]] of parameters.entries()) {
    const expected = check(args[index])
    if (expected === null) continue
    throw new TypeError(
      `${method}: ${parameter} has to be ${expected}, not ${given(args[index], expected)}`,
    )
  }
}

/** `an array`; `this string` where it is not for being a string. Never the value itself. */
function given(value: unknown, expected: string): string {
  const kind = kindOf(value)
  const another = typeof value === 'string' || expected.startsWith(kind)
  return another ? kind.replace(/^an? /, 'this ') : kind
}
