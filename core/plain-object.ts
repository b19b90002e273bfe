/** An object as JSON has them: not null, not an array. */
export type PlainObject = { readonly [key: string]: unknown }

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
