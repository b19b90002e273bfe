import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ClaimSource, isClaimNamespace, prepareClaims, setClaims } from '../../core/claims.ts'
import type { ClaimConfig } from '../../core/migration-config.ts'
import { isRestrictedClaim } from '../../core/restricted-claims.ts'
import { jsonObject } from './arbitraries.ts'

const namespace = 'https://claims.example/'

/** A token that remembers its claims. */
function token() {
  const claims = new Map<string, unknown>()
  return { claims, setCustomClaim: (name: string, value: unknown) => void claims.set(name, value) }
}

function claimsOf(user: ClaimSource, configs: readonly ClaimConfig[], budget?: number) {
  const [id, access] = [token(), token()]
  const leftOut = setClaims(prepareClaims(configs, namespace), user, id, access, budget)
  return { id: Object.fromEntries(id.claims), access: Object.fromEntries(access.claims), leftOut }
}

const plan: ClaimConfig = { name: 'plan', path: 'app_metadata.plan', tokens: ['id', 'access'] }
const city: ClaimConfig = { name: 'city', path: 'user_metadata.address.city', tokens: ['id'] }

test('setClaims: sets each claim, namespaced, in the tokens it is meant for', () => {
  const user = { app_metadata: { plan: 'gold' }, user_metadata: { address: { city: 'Bangor' } } }
  expect(claimsOf(user, [plan, city])).toEqual({
    id: { 'https://claims.example/plan': 'gold', 'https://claims.example/city': 'Bangor' },
    access: { 'https://claims.example/plan': 'gold' },
    leftOut: 0,
  })
})

for (const [why, user] of [
  ['undefined metadata', {}],
  ['a null', { app_metadata: { plan: null }, user_metadata: { address: null } }],
  ['a scalar on the way', { app_metadata: {}, user_metadata: { address: 'Bangor' } }],
  ['an array on the way', { app_metadata: {}, user_metadata: { address: ['city'] } }],
] as const) {
  test(`setClaims: ${why} sets no claim`, () => {
    expect(claimsOf(user, [plan, city])).toEqual({ id: {}, access: {}, leftOut: 0 })
  })
}

test('setClaims: false, zero and empty text are values', () => {
  for (const value of [false, 0, '', [], {}]) {
    const { id } = claimsOf({ app_metadata: { plan: value } }, [plan])
    expect(id).toEqual({ 'https://claims.example/plan': value })
  }
})

test('setClaims: reaches nothing that objects inherit', () => {
  const inherited = ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'constructor.name']
  const configs = inherited.map(
    (key, index): ClaimConfig => ({
      name: `c${index}`,
      path: `app_metadata.${key}`,
      tokens: ['id'],
    }),
  )
  expect(claimsOf({ app_metadata: {} }, configs)).toEqual({ id: {}, access: {}, leftOut: 0 })
})

test('setClaims: no token holds more bytes of claims than the budget; the count is of the rest', () => {
  const path = fc
    .constantFrom('plan', 'a', 'b', 'a.b', '0')
    .map((key) => `app_metadata.${key}` as const)
  const tokens = fc.subarray(['id', 'access'] as const, { minLength: 1 })
  const configs = fc
    .array(fc.record({ path, tokens }), { maxLength: 8 })
    .map((list) => list.map((one, index): ClaimConfig => ({ ...one, name: `é${index}` })))
  fc.assert(
    fc.property(configs, jsonObject, fc.integer({ min: 0, max: 300 }), (list, metadata, budget) => {
      const user = { app_metadata: metadata }
      const all = claimsOf(user, list, 1e9)
      const some = claimsOf(user, list, budget)
      expect(all.leftOut).toBe(0)
      for (const side of ['id', 'access'] as const) {
        const bytes = Buffer.byteLength(JSON.stringify(some[side]))
        expect(bytes).toBeLessThanOrEqual(budget + 2)
        expect(all[side]).toMatchObject(some[side])
      }
      const lost = Object.keys({ ...all.id, ...all.access }).filter(
        (name) =>
          (name in all.id && !(name in some.id)) || (name in all.access && !(name in some.access)),
      )
      expect(some.leftOut).toBe(lost.length)
    }),
  )
})

test('setClaims: a claim that is too large does not take a later, smaller one with it', () => {
  const big: ClaimConfig = { name: 'big', path: 'app_metadata.big', tokens: ['id', 'access'] }
  const user = { app_metadata: { big: 'x'.repeat(9_000), plan: 'gold' } }
  expect(claimsOf(user, [big, plan])).toEqual({
    id: { 'https://claims.example/plan': 'gold' },
    access: { 'https://claims.example/plan': 'gold' },
    leftOut: 1,
  })
})

for (const good of [
  'https://claims.example/',
  'https://claims.example:8443/v1/',
  'HTTPS://myauth0.com/',
  'https://auth0.com.example/',
]) {
  test(`isClaimNamespace: takes ${good}`, () => {
    expect(isClaimNamespace(good)).toBe(true)
  })
}

for (const bad of [
  ...['', 'claims.example/', 'http://claims.example/', 'https://claims.example', 'https:///'],
  ...['https://claims.example/a', 'https://claims.example/?a/', 'https://claims.example/#/'],
  ...['https://auth0.com/', 'https://tenant.eu.AUTH0.com/', 'https://webtask.io/a/'],
  ...['https://x.webtask.run/', 'https://user@claims.example/', 'https://claims.example/ /'],
]) {
  test(`isClaimNamespace: refuses "${bad}", under which Auth0 lets nothing through`, () => {
    expect(isClaimNamespace(bad)).toBe(false)
  })
}

test('isRestrictedClaim: knows what Auth0 keeps for itself, and nothing that objects inherit', () => {
  const restricted = ['sub', 'roles', 'x5t#S256', 'gty', 'vtm', '$a', 'urn:auth0:a']
  const free = ['plan', 'locale', 'email', 'toString', 'subject', '']
  expect(restricted.filter((name) => !isRestrictedClaim(name))).toEqual([])
  expect(free.filter(isRestrictedClaim)).toEqual([])
})
