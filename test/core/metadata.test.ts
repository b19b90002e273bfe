import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  absentFrom,
  cleanAppMetadata,
  cleanUserMetadata,
  isBlank,
  isStorableAppMetadata,
  isStorableUserMetadata,
} from '../../core/metadata.ts'
import { isPlainObject, type PlainObject } from '../../core/plain-object.ts'
import { jsonObject, nested } from './arbitraries.ts'

const cleanObject = jsonObject.map((object) => cleanUserMetadata(object) ?? {})

function merge(present: PlainObject, legacy: PlainObject): PlainObject {
  return { ...present, ...absentFrom(present, legacy) }
}

/** Every value of `part` stands in `whole`, at its place; arrays and scalars are whole. */
function holds(whole: unknown, part: unknown): boolean {
  if (!isPlainObject(part)) return Object.is(whole, part)
  if (!isPlainObject(whole)) return false
  return Object.entries(part).every(
    ([key, value]) => Object.hasOwn(whole, key) && holds(whole[key], value),
  )
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = Array.isArray(value) ? [] : Object.keys(value)
  return [...own, ...Object.values(value).flatMap(keysOf)]
}

const unstorable = (key: string) =>
  /[.$]/.test(key) || ['__proto__', 'constructor', 'prototype'].includes(key)

test('absentFrom: removes and changes nothing that is there', () => {
  fc.assert(
    fc.property(jsonObject, cleanObject, (present, legacy) => {
      expect(holds(merge(present, legacy), present)).toBe(true)
    }),
  )
})

test('absentFrom: brings every key that the legacy store has, but a null at the top', () => {
  fc.assert(
    fc.property(cleanObject, cleanObject, (present, legacy) => {
      const merged = merge(present, legacy)
      for (const [key, value] of Object.entries(legacy)) {
        expect(Object.hasOwn(merged, key)).toBe(value !== null || Object.hasOwn(present, key))
      }
      expect(holds(merge({}, legacy), withoutNulls(legacy))).toBe(true)
    }),
  )
})

test('absentFrom: leaves nothing to fill in a second time', () => {
  fc.assert(
    fc.property(jsonObject, cleanObject, (present, legacy) => {
      expect(absentFrom(merge(present, legacy), legacy)).toEqual({})
    }),
  )
})

test('absentFrom: yields no forbidden key at any depth', () => {
  fc.assert(
    fc.property(cleanObject, jsonObject, (present, legacy) => {
      const changes = absentFrom(present, cleanAppMetadata(legacy) ?? {})
      expect(keysOf(changes).filter(unstorable)).toEqual([])
    }),
  )
})

test('absentFrom: sets no key to undefined or null, which would take it away', () => {
  expect(absentFrom({}, { toString: null, plan: null, valueOf: 1 })).toEqual({ valueOf: 1 })
  fc.assert(
    fc.property(jsonObject, cleanObject, (present, legacy) => {
      for (const value of Object.values(absentFrom(present, legacy))) {
        expect(value ?? 'lost').not.toBe('lost')
      }
    }),
  )
})

const merged: [why: string, present: PlainObject, legacy: PlainObject, changes: PlainObject][] = [
  ['what Auth0 has wins', { plan: 'free' }, { plan: 'gold' }, {}],
  ['a null of Auth0’s wins', { plan: null }, { plan: 'gold' }, {}],
  ['an array is whole', { roles: [] }, { roles: ['admin'] }, {}],
  ['a scalar is no object', { a: 1 }, { a: { b: 2 } }, {}],
  ['objects are filled', { a: { b: 1 } }, { a: { b: 2, c: 3 } }, { a: { b: 1, c: 3 } }],
  ['also deep down', { a: { b: {} } }, { a: { b: { c: 1 } } }, { a: { b: { c: 1 } } }],
  ['an absent key is set', { a: 1 }, { b: [2] }, { b: [2] }],
]

for (const [why, present, legacy, changes] of merged) {
  test(`absentFrom: ${why}`, () => {
    expect(absentFrom(present, legacy)).toEqual(changes)
  })
}

test('cleanAppMetadata: leaves out what Auth0 keeps for itself, and the stamp, at the top only', () => {
  const odd = { email: 1, _id: 1, metadata: 1, blocked: true, legacy_migration: {} }
  expect(cleanAppMetadata({ ...odd, plan: odd })).toEqual({ plan: odd })
  expect(cleanUserMetadata({ ...odd, plan: odd })).toEqual({ ...odd, plan: odd })
})

test('clean: no key that Auth0 cannot store, or that reaches a prototype, passes at any depth', () => {
  fc.assert(
    fc.property(jsonObject, (metadata) => {
      for (const clean of [cleanAppMetadata(metadata), cleanUserMetadata(metadata)]) {
        expect(keysOf(clean).filter(unstorable)).toEqual([])
      }
    }),
  )
})

test('clean: changes nothing of what may pass, and does so once', () => {
  fc.assert(
    fc.property(jsonObject, (metadata) => {
      const once = cleanUserMetadata(metadata) ?? {}
      expect(cleanUserMetadata(once)).toEqual(once)
      for (const [key, value] of Object.entries(once)) {
        if (typeof value !== 'object') expect(Object.is(value, metadata[key])).toBe(true)
      }
    }),
  )
})

test('clean: refuses what is nested 100,000 deep, and takes 64 levels', () => {
  for (const clean of [cleanAppMetadata, cleanUserMetadata]) {
    expect(clean(nested(100_000))).toBe(null)
    expect(clean({ a: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) })).toBe(null)
    expect(clean(nested(65))).toBe(null)
    expect(clean(nested(64))).toEqual(nested(64))
  }
})

test('isBlank: only the stamp does not count', () => {
  expect([undefined, {}, { legacy_migration: {} }].map(isBlank)).toEqual([true, true, true])
  expect([{ a: null }, { legacy_migration: {}, a: 1 }].map(isBlank)).toEqual([false, false])
})

function withoutNulls(object: PlainObject): PlainObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

test('isStorableAppMetadata and isStorableUserMetadata: true where cleaning changes nothing, and only there', () => {
  const pairs = [
    [isStorableAppMetadata, cleanAppMetadata],
    [isStorableUserMetadata, cleanUserMetadata],
  ] as const
  const deep = fc.integer({ min: 60, max: 70 }).map(nested)
  fc.assert(
    fc.property(fc.oneof(jsonObject, deep), (metadata) => {
      for (const [isStorable, clean] of pairs) {
        const cleaned = clean(metadata)
        const isSame = JSON.stringify(cleaned) === JSON.stringify(metadata)
        expect(isStorable(metadata)).toBe(cleaned !== null && isSame)
      }
    }),
  )
})
