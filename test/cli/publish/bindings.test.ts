import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BoundAction,
  placeBindings,
  restoreBindings,
  sameBindings,
} from '../../../cli/publish/bindings.ts'

const ours = ['protect', 'backfill', 'mark', 'copy'].map((action) => ({
  action,
  displayName: action,
}))
const own = new Set(ours.map(({ action }) => action))

/** Lists as a tenant may have them: some of ours, in any order, among others' whose names are theirs. */
const list = fc
  .uniqueArray(fc.constantFrom(...own, 'a', 'b', 'c', 'd', 'e'), { maxLength: 9 })
  .map((names) =>
    names.map((action, at): BoundAction => ({ id: `${at}`, action, displayName: action })),
  )

const place = fc.constantFrom('first' as const, 'last' as const)

const namesOf = (bound: readonly BoundAction[]) => bound.map(({ action }) => action)
const othersIn = (bound: readonly BoundAction[]) => bound.filter(({ action }) => !own.has(action))

test('placeBindings: keeps every binding of others, and their order', () => {
  fc.assert(
    fc.property(list, place, (current, where) => {
      const wanted = placeBindings('post-login', current, ours, where)
      expect(othersIn(wanted)).toEqual(othersIn(current))
      expect(namesOf(wanted).filter((name) => own.has(name))).toEqual([...own])
    }),
  )
})

test('placeBindings: once placed, there is nothing to do', () => {
  fc.assert(
    fc.property(list, place, (current, where) => {
      const wanted = placeBindings('post-login', current, ours, where)
      const bound = wanted.map((one, at) => ({ ...one, id: `new ${at}` }))
      expect(sameBindings(bound, placeBindings('post-login', bound, ours, where))).toBe(true)
    }),
  )
})

test('placeBindings: puts ours first, last, or before the Action named', () => {
  const current = ['a', 'b'].map((action) => ({ id: action, action, displayName: action }))
  const placed = (where: Parameters<typeof placeBindings>[3]) =>
    namesOf(placeBindings('post-login', current, ours, where)).join(' ')
  expect(placed(undefined)).toBe('protect backfill mark copy a b')
  expect(placed('last')).toBe('a b protect backfill mark copy')
  expect(placed({ before: 'b' })).toBe('a protect backfill mark copy b')
})

test('placeBindings: refuses a place that is not there, and more than a trigger takes', () => {
  expect(() => placeBindings('post-login', [], ours, { before: 'gone' })).toThrow(
    /before gone, which is no Action of others that is bound to post-login/,
  )
  const many = Array.from({ length: 17 }, (_, at) => ({
    id: `${at}`,
    action: `${at}`,
    displayName: '',
  }))
  expect(() => placeBindings('post-login', many, ours)).toThrow(/21 Actions, and Auth0 takes 20/)
  expect(placeBindings('post-login', many.slice(1), ours)).toHaveLength(20)
})

test('restoreBindings: undoes a change exactly when nobody has changed the list since', () => {
  fc.assert(
    fc.property(list, place, (before, where) => {
      const after = placeBindings('post-login', before, ours, where)
      const restored = restoreBindings(after, before, own)
      // Bindings of others keep their order among themselves whatever ours did.
      expect(namesOf(restored)).toEqual(namesOf(before))
    }),
  )
})

test('restoreBindings: keeps what somebody has bound since', () => {
  const before = [{ id: '1', action: 'a', displayName: 'a' }]
  const after = placeBindings('post-login', before, ours)
  const since = [...after, { id: '9', action: 'new', displayName: 'new' }]
  expect(namesOf(restoreBindings(since, before, own))).toEqual(['a', 'new'])
})
