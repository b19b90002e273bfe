import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keywordsIn, replaceKeywords } from '../../../cli/publish/keywords.ts'
import { memberChanges, mergeMembers } from '../../../cli/publish/members.ts'

const json = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.boolean(),
      fc.nat(3),
      fc.constantFrom('x', 'y'),
      fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 2 }),
    ),
  })).value,
  { maxKeys: 4 },
)

test('mergeMembers: once merged, nothing that was wanted is missing', () => {
  fc.assert(
    fc.property(json, json, (actual, wanted) => {
      expect(memberChanges(wanted, mergeMembers(actual, wanted))).toEqual([])
    }),
  )
})

test('mergeMembers: keeps every member that nobody asked to change', () => {
  fc.assert(
    fc.property(json, json, (actual, wanted) => {
      const merged = mergeMembers(actual, wanted)
      for (const [key, value] of Object.entries(actual)) {
        if (!Object.hasOwn(wanted, key)) expect(merged[key]).toEqual(value)
      }
    }),
  )
})

test('memberChanges: takes lists of texts for sets, and shows nothing that comes of a secret', () => {
  expect(memberChanges({ scope: ['b', 'a'] }, { scope: ['a', 'b'] })).toEqual([])
  expect(memberChanges({ scope: ['a'] }, { scope: ['a', 'b'] })).toHaveLength(1)
  const shown = JSON.stringify([
    ...memberChanges({ note: 'the key k1' }, { note: 'old k0' }, { note: 'the key ##KEY##' }),
    ...memberChanges({ client_secret: 'k1' }, { client_secret: 'k0' }),
  ])
  expect(shown).not.toMatch(/k0|k1/)
  expect(shown).toContain('note')
})

test('keywordsIn: finds placeholders in lists, keys and nested members; replaceKeywords leaves none', () => {
  const value = { '##A##': ['@@B@@', { deep: 'x ##C## y ##A##' }] }
  expect(keywordsIn(value)).toEqual(['A', 'B', 'C'])
  const replaced = replaceKeywords(value, { A: '1', B: '2', C: '3' })
  expect(replaced).toEqual({ 1: ['2', { deep: 'x 3 y 1' }] })
  expect(keywordsIn(replaceKeywords(value, { A: '1' }))).toEqual(['B', 'C'])
})
