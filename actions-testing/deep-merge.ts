import { isPlainObject } from './json-value.ts'

/** Any part of `Value`, at any depth. `undefined` takes a member out; arrays are whole. */
export type Overrides<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Overrides<Value[Key]> | undefined }
    : Value

/** A new object: `base` with `overrides` over it. Shares no member with either. */
export function deepMerge<Value extends object>(base: Value, overrides: Overrides<Value>): Value {
  return merge(base, overrides) as Value
}

function merge(base: unknown, override: unknown): unknown {
  if (!isPlainObject(override)) return structuredClone(override)
  const under = isPlainObject(base) ? base : {}
  const merged = Object.keys({ ...under, ...override }).map((key) => {
    const value = Object.hasOwn(override, key)
      ? merge(Object.hasOwn(under, key) ? under[key] : undefined, override[key])
      : structuredClone(under[key])
    return [key, value] as const
  })
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined))
}
