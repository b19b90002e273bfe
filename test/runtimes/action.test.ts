import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import {
  backfillMetadata,
  copyMetadata,
  markMigrated,
  type PostLoginAction,
  protectLegacyAudience,
} from '../../runtimes/action.ts'
import { json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import { personal } from './overheard.ts'
import { config, legacyUser, listen, logIn, secretsFor, workingCache } from './post-login.ts'

let server: LegacyServer
let lines: string[]

beforeAll(async () => {
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  server.api = ({ method }) => (method === 'PUT' ? { status: 204 } : json(legacyUser))
  lines = listen()
})
afterEach(() => {
  vi.restoreAllMocks()
})

const told = () => lines.map((line) => JSON.parse(line))
const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25T10:00:00.000Z', backfill: 'filled' }
const backfilled = { app_metadata: { legacy_migration: stamp } }
const done = {
  app_metadata: { plan: 'a', legacy_migration: { ...stamp, marked_at: 'x', mark: 'marked' } },
}
const steps: [name: string, action: () => PostLoginAction, user: object][] = [
  ['backfill-metadata', () => backfillMetadata(config), {}],
  ['mark-migrated', () => markMigrated(config), backfilled],
]

for (const [name, action, user] of steps) {
  test(`${name}: in phase lazy, said or not, it calls and stamps`, async () => {
    for (const phase of ['lazy', '', '##MIGRATION_PHASE##']) {
      const secrets = secretsFor(server.url, { MIGRATION_PHASE: phase })
      const { appMetadata } = await logIn(action(), { secrets, user })
      expect(Object.keys(appMetadata)).toContain('legacy_migration')
    }
    expect(lines).toEqual([])
  })

  for (const phase of ['off', 'complete']) {
    test(`${name}: in phase ${phase} it makes no call and no stamp, and says nothing`, async () => {
      const secrets = secretsFor(server.url, { MIGRATION_PHASE: phase })
      const { appMetadata } = await logIn(action(), { secrets, user })
      expect([appMetadata, server.seen, lines]).toEqual([{}, [], []])
    })
  }

  test(`${name}: in a phase that nobody knows it is off, and names the setting`, async () => {
    const secrets = secretsFor(server.url, { MIGRATION_PHASE: 'Lazy' })
    const { appMetadata } = await logIn(action(), { secrets, user })
    expect([appMetadata, server.seen]).toEqual([{}, []])
    expect(told()).toEqual([
      { code: 'setting_invalid', action: name, settings: ['MIGRATION_PHASE'] },
    ])
  })

  test(`${name}: names every setting that is missing, and calls nobody`, async () => {
    const { appMetadata } = await logIn(action(), { secrets: { LEGACY_API_URL: server.url }, user })
    const settings = ['LEGACY_API_AUDIENCE', 'LEGACY_TOKEN_URL', 'LEGACY_ACTIONS_CLIENT_ID']
    expect(told()).toEqual([
      {
        code: 'setting_missing',
        action: name,
        settings: [...settings, 'LEGACY_ACTIONS_CLIENT_SECRET'],
      },
    ])
    expect([appMetadata, server.seen]).toEqual([{}, []])
  })

  test(`${name}: names a setting that is malformed, without its value`, async () => {
    const secrets = secretsFor(server.url, { LEGACY_TOKEN_URL: 'https://me:pass@tenant.example/' })
    await logIn(action(), { secrets, user })
    expect(lines).toEqual([
      JSON.stringify({ code: 'setting_invalid', action: name, settings: ['LEGACY_TOKEN_URL'] }),
    ])
    expect(server.seen).toEqual([])
  })

  test(`${name}: a user who signed up costs no call, whatever the settings`, async () => {
    const own = [{ connection: 'legacy-users', provider: 'auth0', user_id: '65f0c2a1b3' }]
    const { appMetadata } = await logIn(action(), {
      secrets: {},
      user: { ...user, identities: own },
    })
    expect([appMetadata, server.seen, lines]).toEqual([{}, [], []])
  })

  test(`${name}: a user who is done costs no call, no write, no cache, no secret and no clock`, async () => {
    const { cache, calls } = workingCache()
    const secrets = new Proxy({}, { get: (_, key) => expect.fail(`read ${String(key)}`) })
    vi.spyOn(Date, 'now').mockImplementation(() => expect.fail('read the clock'))
    const { appMetadata, userMetadata } = await logIn(action(), { secrets, cache, user: done })
    expect([appMetadata, userMetadata, calls(), server.seen, lines]).toEqual([{}, {}, 0, [], []])
  })

  test(`${name}: an event of no known shape is survived, and told by a code alone`, async () => {
    const user = new Proxy({}, { get: () => fail(personal.email) })
    const event = { user, secrets: secretsFor(server.url) }
    await expect(action()(event as never, {} as never)).resolves.toBe(undefined)
    expect(lines).toEqual([JSON.stringify({ code: 'unexpected_error', action: name })])
  })
}

test('mark-migrated: keeps what backfill-metadata put into the stamp in the same flow', async () => {
  const secrets = secretsFor(server.url)
  const { appMetadata } = await logIn(backfillMetadata(config), { secrets })
  const user = { app_metadata: appMetadata }
  const second = await logIn(markMigrated(config), { secrets, user })
  expect(second.appMetadata.legacy_migration).toMatchObject({
    ...Object(appMetadata.legacy_migration),
    mark: 'marked',
  })
})

const audience = 'https://legacy-api.example'
const protect = protectLegacyAudience()

test('protect-legacy-audience: denies the legacy audience, says why to nobody but the user', async () => {
  const login = { secrets: { LEGACY_API_AUDIENCE: audience } }
  const legacy = { ...login, resource_server: { identifier: audience } }
  const other = { ...login, resource_server: { identifier: 'https://orders.example' } }
  expect((await logIn(protect, legacy)).denied).toBe('This API is not available to users.')
  expect((await logIn(protect, other)).denied).toBe(null)
  expect((await logIn(protect, login)).denied).toBe(null)
  expect(lines).toEqual([])
})

test('protect-legacy-audience: without its setting denies every API, lets the rest through, and says so', async () => {
  for (const value of [undefined, '', '##LEGACY_API_AUDIENCE##', '@@LEGACY_API_AUDIENCE@@']) {
    const secrets = value === undefined ? {} : { LEGACY_API_AUDIENCE: value }
    const request = { query: { audience: 'https://orders.example' } }
    lines.length = 0
    expect((await logIn(protect, { secrets, request })).denied).not.toBe(null)
    expect(told()).toEqual([
      {
        code: 'setting_missing',
        action: 'protect-legacy-audience',
        settings: ['LEGACY_API_AUDIENCE'],
      },
    ])
    expect((await logIn(protect, { secrets, request: { query: {} } })).denied).toBe(null)
  }
})

const claiming = { app_metadata: { plan: 'gold' }, user_metadata: { locale: 'cy' } }

test('copy-metadata: sets the claims of the config, under the namespace', async () => {
  const login = { secrets: secretsFor(server.url), user: claiming }
  expect(await logIn(copyMetadata(config), login)).toMatchObject({
    id: { 'https://claims.example/plan': 'gold', 'https://claims.example/locale': 'cy' },
    access: { 'https://claims.example/plan': 'gold' },
  })
  expect(lines).toEqual([])
})

test('copy-metadata: a namespace pasted with a line break is the namespace', async () => {
  const secrets = { CLAIM_NAMESPACE: 'https://claims.example/\n' }
  const { access } = await logIn(copyMetadata(config), { secrets, user: claiming })
  expect(access).toEqual({ 'https://claims.example/plan': 'gold' })
})

for (const [value, code] of [
  ['', 'setting_missing'],
  ['##CLAIM_NAMESPACE##', 'setting_missing'],
  ['https://claims.example', 'setting_invalid'],
  ['https://tenant.auth0.com/', 'setting_invalid'],
] as const) {
  test(`copy-metadata: namespace "${value}" sets no claim, and is named at every login`, async () => {
    const action = copyMetadata(config)
    const login = { secrets: { CLAIM_NAMESPACE: value }, user: claiming }
    for (const _ of [1, 2]) expect(await logIn(action, login)).toMatchObject({ id: {}, access: {} })
    const line = { code, action: 'copy-metadata', settings: ['CLAIM_NAMESPACE'] }
    expect(told()).toEqual([line, line])
  })
}

test('copy-metadata: a secret that changes is read anew', async () => {
  const action = copyMetadata(config)
  await logIn(action, { secrets: {}, user: claiming })
  const { access } = await logIn(action, { secrets: secretsFor(server.url), user: claiming })
  expect(access).toEqual({ 'https://claims.example/plan': 'gold' })
})

test('copy-metadata: claims over the budget are left out, counted, and named by nothing', async () => {
  const user = {
    app_metadata: { plan: personal.profile.repeat(1_000) },
    user_metadata: claiming.user_metadata,
  }
  const result = await logIn(copyMetadata(config), { secrets: secretsFor(server.url), user })
  expect(result).toMatchObject({ id: { 'https://claims.example/locale': 'cy' }, access: {} })
  expect(told()).toEqual([{ code: 'claims_over_budget', action: 'copy-metadata', claims: 1 }])
})

test('copy-metadata: a claim that Auth0 refuses does not fail the login', async () => {
  const api = { idToken: { setCustomClaim: () => fail(personal.email) } }
  const login = { secrets: secretsFor(server.url), user: claiming, api }
  await expect(logIn(copyMetadata(config), login)).resolves.toMatchObject({ denied: null })
  expect(told()).toEqual([{ code: 'unexpected_error', action: 'copy-metadata' }])
})

function fail(message: string): never {
  throw new Error(message)
}
