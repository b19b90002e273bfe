import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { backfillMetadata, markMigrated } from '../../runtimes/action.ts'
import {
  type Answer,
  json,
  type LegacyServer,
  problem,
  startLegacyServer,
} from './legacy-server.ts'
import { personal } from './overheard.ts'
import { config, legacyUser, listen, logIn, secretsFor } from './post-login.ts'

let server: LegacyServer
let elsewhere: LegacyServer
let lines: string[]

beforeAll(async () => {
  server = await startLegacyServer()
  elsewhere = await startLegacyServer()
})
afterAll(() => {
  server.close()
  elsewhere.close()
})
beforeEach(() => {
  server.reset()
  elsewhere.reset()
  lines = listen()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const told = () => lines.map((line) => JSON.parse(line))
const user = (overrides: object) => json({ ...legacyUser, ...overrides })
const filled = { legacy_id: '1042', backfilled_at: expect.any(String), backfill: 'filled' }
const unavailable = 'legacy_api_unavailable'
const invalid = 'legacy_api_invalid_response'

/** Answers that are none, and what is told. None is asked for again but what may pass. */
const answers: [why: string, answer: () => Answer, code: string, requests: number][] = [
  ['HTML with 200', () => ({ status: 200, type: 'text/html', body: '<h1>Hi</h1>' }), invalid, 1],
  [
    'HTML with 404',
    () => ({ status: 404, type: 'text/html', body: '<h1>No</h1>' }),
    unavailable,
    1,
  ],
  ['JSON with 404', () => json({ type: 'urn:legacy-api:user-not-found' }, 404), unavailable, 1],
  ['a body cut off', () => 'cut', unavailable, 5],
  ['JSON cut off', () => ({ status: 200, type: 'application/json', body: '{"a":' }), invalid, 1],
  ['nothing with 200', () => ({ status: 200 }), invalid, 1],
  ['10 MB', () => user({ user_metadata: { a: 'x'.repeat(10_000_000) } }), invalid, 1],
  ['a wrong shape', () => user({ app_metadata: 'plan=gold' }), invalid, 1],
  ['a list', () => json([legacyUser]), invalid, 1],
  [
    'letters in Latin-1',
    () => ({ ...Object(user({ user_metadata: { name: 'Zoë' } })), encoding: 'latin1' }),
    invalid,
    1,
  ],
  ['another user', () => user({ legacy_id: '1043' }), invalid, 1],
  ['levels without end', () => ({ status: 200, body: bottomless() }), invalid, 1],
  [
    'a redirect',
    () => ({ status: 307, location: `${elsewhere.url}/v1/users/1042` }),
    unavailable,
    1,
  ],
  ['a scope that is missing', () => ({ status: 403 }), unavailable, 1],
  ['too many requests', () => ({ status: 429 }), unavailable, 1],
  ['a broken gateway', () => ({ status: 502, type: 'text/html', body: 'no' }), unavailable, 5],
  ['a problem that is none of ours', () => problem('maintenance', 503), unavailable, 5],
]

for (const [why, answer, code, requests] of answers) {
  test(`backfill-metadata: ${why}: the login goes on, unstamped, with one line: ${code}`, async () => {
    server.api = answer
    const result = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
    expect(result).toMatchObject({ denied: null, appMetadata: {}, userMetadata: {} })
    expect(Object.keys(result.appMetadata)).toEqual([])
    expect(told()).toMatchObject([{ code, action: 'backfill-metadata' }])
    expect(server.apiRequests()).toHaveLength(requests)
    expect(elsewhere.seen).toEqual([])
  })
}

test('backfill-metadata: what passes is waited out, and filled', async () => {
  let count = 0
  server.api = () => {
    count += 1
    return count < 3 ? { status: 503 } : user({})
  }
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect(appMetadata).toEqual({ plan: personal.profile, legacy_migration: filled })
  expect(lines).toEqual([])
})

test('backfill-metadata: keys that Auth0 forbids or that reach a prototype stay out, the rest is filled', async () => {
  const app =
    '{"__proto__":{"admin":1},"plan":"a","email":"b","x.y":1,"$z":1,"legacy_migration":{}}'
  const body = JSON.stringify(legacyUser).replace(JSON.stringify(legacyUser.app_metadata), app)
  server.api = () => ({ status: 200, type: 'application/json', body })
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect(Object.keys(appMetadata)).toEqual(['plan', 'legacy_migration'])
  expect('admin' in appMetadata).toBe(false)
  expect(appMetadata.legacy_migration).toEqual(filled)
})

test('backfill-metadata: what would take the profile over 10 KB is stamped and told, not written', async () => {
  server.api = () => user({ user_metadata: { a: 'x'.repeat(11_000) } })
  const result = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect(result.appMetadata).toEqual({ legacy_migration: { ...filled, backfill: 'too-large' } })
  expect(result.userMetadata).toEqual({})
  expect(told()).toEqual([{ code: 'profile_too_large', action: 'backfill-metadata' }])
})

test('backfill-metadata: nobody of that id is stamped as such', async () => {
  server.api = () => problem('user-not-found', 404)
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(server.url) })
  expect(appMetadata).toEqual({ legacy_migration: { ...filled, backfill: 'not-found' } })
})

const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25T10:00:00.000Z', backfill: 'filled' }
const marked = { app_metadata: { legacy_migration: stamp } }

test('mark-migrated: tells the legacy store, and stamps beside the backfill', async () => {
  server.api = () => ({ status: 204 })
  const login = { secrets: secretsFor(server.url), user: marked }
  const { appMetadata } = await logIn(markMigrated(config), login)
  const [request] = server.apiRequests()
  expect(request).toMatchObject({ method: 'PUT', path: '/v1/users/1042/migration' })
  expect(JSON.parse(request?.body ?? '')).toEqual({
    auth0_user_id: 'auth0|legacy-users|1042',
    migrated_at: expect.stringMatching(/^\d{4}-.*Z$/),
    metadata: 'complete',
  })
  const marks = { mark: 'marked', marked_at: expect.any(String) }
  expect(appMetadata).toEqual({ legacy_migration: { ...stamp, ...marks } })
})

for (const [why, answer] of [
  ['200', json({})],
  ['202', { status: 202 }],
  ['a redirect', { status: 303, location: '/' }],
  ['HTML with 404', { status: 404, type: 'text/html', body: '<h1>No</h1>' }],
  ['500', { status: 500 }],
] as const) {
  test(`mark-migrated: ${why} is no success: unstamped, one line`, async () => {
    server.api = () => answer
    const login = { secrets: secretsFor(server.url), user: marked }
    const { appMetadata } = await logIn(markMigrated(config), login)
    expect(appMetadata).toEqual({})
    expect(told()).toMatchObject([{ code: unavailable, action: 'mark-migrated' }])
  })
}

for (const [why, answer, code] of [
  ['HTML', { status: 200, type: 'text/html', body: '<h1>Hi</h1>' }, 'token_invalid_response'],
  ['a refusal', json({ error: 'access_denied' }, 403), 'token_unavailable'],
  ['a redirect', { status: 302, location: '/elsewhere' }, 'token_unavailable'],
  ['a cut', 'cut', 'token_unavailable'],
] as const) {
  test(`backfill-metadata: the token endpoint answers with ${why}: no call, unstamped, one line`, async () => {
    server.token = () => answer
    const login = { secrets: secretsFor(server.url) }
    const { appMetadata } = await logIn(backfillMetadata(config), login)
    expect([appMetadata, server.apiRequests()]).toEqual([{}, []])
    expect(told()).toMatchObject([{ code, action: 'backfill-metadata' }])
  })
}

test('backfill-metadata: a server that is not there costs no stamp and no login', async () => {
  const gone = await startLegacyServer()
  gone.close()
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets: secretsFor(gone.url) })
  expect(appMetadata).toEqual({})
  expect(told()).toEqual([{ code: 'token_unavailable', action: 'backfill-metadata' }])
})

test('backfill-metadata: metadata that Auth0 does not take are not stamped as filled', async () => {
  server.api = () => user({})
  const written: string[] = []
  const api = {
    user: {
      setAppMetadata: (key: string) => void written.push(key),
      setUserMetadata: () => {
        throw new Error(personal.email)
      },
    },
  }
  await logIn(backfillMetadata(config), { secrets: secretsFor(server.url), api })
  expect(written).toEqual([])
  expect(told()).toEqual([{ code: 'unexpected_error', action: 'backfill-metadata' }])
})

function bottomless(): string {
  const deep = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`
  return JSON.stringify(legacyUser).replace('"cy"', deep)
}
