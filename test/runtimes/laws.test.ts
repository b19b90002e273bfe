import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Flow, interrupted, publish } from './flow.ts'
import { type Answer, json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import { legacyUser } from './post-login.ts'

let server: LegacyServer
let flow: Flow

beforeAll(async () => {
  server = await startLegacyServer()
  flow = await publish(() => server.url)
})
afterAll(() => server.close())

const body = fc.oneof(
  fc.constant(JSON.stringify(legacyUser)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc
    .constantFrom('user-not-found', 'migrated-to-another-user', 'blocked', 'other')
    .map((name) => JSON.stringify({ type: `urn:legacy-api:${name}` })),
)

function anyUser() {
  const member = fc.oneof(fc.jsonValue(), fc.constant(undefined))
  return fc.record({ app_metadata: member, user_metadata: member, migrated_at: member })
}

const answer: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      status: fc.constantFrom(200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503),
      type: fc.constantFrom('application/json', 'application/problem+json', 'text/html', ''),
      body: fc.oneof(
        body,
        anyUser().map((members) => JSON.stringify({ ...legacyUser, ...members })),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant('cut' as const) },
)

const legacyAudience = 'https://legacy-api.example'
const asked: fc.Arbitrary<object> = fc.oneof(
  fc.constant({ resource_server: { identifier: legacyAudience } }),
  fc.constant({ request: { query: { audience: legacyAudience } } }),
  fc.constant({ request: { body: { resource: ['https://a.example', legacyAudience] } } }),
)
const other: fc.Arbitrary<object> = fc.constantFrom(
  {},
  { resource_server: { identifier: 'https://orders.example' } },
  { request: { query: { audience: `${legacyAudience}/v2` } } },
)

test('law: whatever is answered, a login for another audience is let in and one for the legacy audience is not', async () => {
  await fc.assert(
    fc.asyncProperty(answer, answer, asked, other, async (token, api, legacy, elsewhere) => {
      server.reset()
      server.token = () => token
      server.api = () => api
      const instance = flow.anew()
      const denied = await instance.logIn(interrupted('1042'), { event: legacy })
      expect(denied.denied?.action).toBe('protect-legacy-audience')
      expect(server.seen).toEqual([])
      expect((await instance.logIn(interrupted('1042'), { event: elsewhere })).denied).toBe(null)
    }),
    { numRuns: 100 },
  )
}, 60_000)

test('law: whatever the API answers, what is stamped is a word of the kit, and a mark needs a 204', async () => {
  const stamps = ['filled', 'nothing-missing', 'not-found', 'too-large']
  const user: fc.Arbitrary<Answer> = fc.constant(json(legacyUser))
  await fc.assert(
    fc.asyncProperty(fc.oneof(user, answer), answer, async (get, put) => {
      server.reset()
      server.api = ({ method }) => (method === 'PUT' ? put : get)
      const { appMetadata, denied } = await flow.anew().logIn(interrupted('1042'))
      expect(denied).toBe(null)
      const { backfill, mark } = Object(appMetadata.legacy_migration ?? {})
      if (backfill === undefined) {
        expect(appMetadata).toEqual({})
        return
      }
      expect(stamps).toContain(backfill)
      expect(mark === 'marked').toBe(typeof put === 'object' && put.status === 204)
    }),
    { numRuns: 150 },
  )
}, 60_000)
