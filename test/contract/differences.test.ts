import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createActionCache } from '../../actions-testing/action-cache.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { createRuleLogin } from '../../actions-testing/rule-login.ts'
import { jsonObject, legacyUser } from '../core/arbitraries.ts'
import { interrupted } from '../runtimes/flow.ts'
import { json, type LegacyServer, startLegacyServer } from '../runtimes/legacy-server.ts'
import { secretsFor } from '../runtimes/post-login.ts'
import { actionsEdition, buildEditions, rulesEdition } from './editions.ts'

/** Each is a row of docs/rules.md, which names the test. */
let code: ReadonlyMap<string, string>
let server: LegacyServer

beforeAll(async () => {
  code = await buildEditions()
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(() => server.reset())

const audience = 'https://legacy-api.example'
const bundleOf = (kind: 'action' | 'rule', name: string) => code.get(`${kind} ${name}`) ?? ''
const fresh = () => createInProcessRuntime({ warm: true })

test.each([
  ['a default audience of the tenant', 'oidc-basic-profile'],
  ['the audience of a refresh token', 'oauth2-refresh-token'],
] as const)('difference: %s is seen by the Action alone', async (_, protocol) => {
  const name = 'protect-legacy-audience'
  const secrets = secretsFor(server.url)
  const { denied } = await fresh().runPostLogin({
    actions: [{ name, secrets, code: bundleOf('action', name) }],
    event: createPostLoginEvent({
      transaction: { protocol },
      resource_server: { identifier: audience },
    }),
  })
  expect(denied).toMatchObject({ action: name })
  const login = createRuleLogin({ context: { protocol } })
  const rules = [{ name, code: bundleOf('rule', name) }]
  expect((await fresh().runRules({ rules, configuration: secrets, ...login })).denied).toBeNull()
})

test('difference: Rules store each step at once, Actions all of a login together', async () => {
  server.api = ({ method }) => (method === 'PUT' ? { status: 204 } : json(legacyUser()))
  const user = interrupted('1042')
  expect((await actionsEdition(code, fresh(), server.url).logIn(user, {})).writes).toBe(1)
  const rules = await rulesEdition(code, fresh(), server.url).logIn(user, {})
  // user_metadata, app_metadata with the stamp, and the stamp with the mark.
  expect(rules.writes).toBe(3)
})

test('difference: Actions of two instances share a token by api.cache, Rules by nothing', async () => {
  server.api = () => json(legacyUser())
  const asked = async (edition: typeof actionsEdition, instances: number) => {
    server.seen.length = 0
    const cache = createActionCache(Date.now)
    for (let count = 0; count < instances; count += 1) {
      const runtime = createInProcessRuntime({ warm: true, cache })
      await edition(code, runtime, server.url).logIn(interrupted('1042'), {})
    }
    return server.tokenRequests()
  }
  // The two Actions are two modules, and share through the cache; the two Rules share `global`.
  expect([await asked(actionsEdition, 1), await asked(rulesEdition, 1)]).toEqual([1, 1])
  // In another container `global` is another, and Rules have no cache.
  expect([await asked(actionsEdition, 2), await asked(rulesEdition, 2)]).toEqual([1, 2])
})

test('contract: whatever is in the metadata, both end with the same profile', async () => {
  const [actions, rules] = [fresh(), fresh()]
  await fc.assert(
    fc.asyncProperty(jsonObject, jsonObject, jsonObject, async (kept, app, own) => {
      server.api = ({ method }) =>
        method === 'PUT'
          ? { status: 204 }
          : json(legacyUser({ app_metadata: app, user_metadata: own }))
      const metadata = storable(kept)
      const user = interrupted('1042', { app_metadata: metadata, user_metadata: metadata })
      const one = await actionsEdition(code, actions, server.url).logIn(user, {})
      const other = await rulesEdition(code, rules, server.url).logIn(user, {})
      expect(timeless(other.user)).toEqual(timeless(one.user))
    }),
    { numRuns: 40 },
  )
  await actions.close()
  await rules.close()
})

/** What Auth0 can have stored: no name that it refuses, no null at the top. */
function storable(metadata: object): Readonly<Record<string, unknown>> {
  const clean = JSON.parse(JSON.stringify(metadata), (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([key]) => /^(?!__)\w+$/.test(key)))
      : value,
  )
  return Object.fromEntries(Object.entries(clean).filter(([, value]) => value !== null))
}

function timeless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replace(/"(backfilled|marked)_at":"[^"]+"/g, '"at":0'))
}

test('docs/rules.md: names every difference that is tested here, and no other', () => {
  const doc = readFileSync('docs/rules.md', 'utf8')
  const source = readFileSync('test/contract/differences.test.ts', 'utf8')
  const tested = [...source.matchAll(/'(difference: [^']+)'/g)].map(([, title]) => title)
  const named = [...doc.matchAll(/`(difference: [^`]+)`/g)].map(([, title]) => title)
  expect(new Set(named)).toEqual(new Set(tested))
})
