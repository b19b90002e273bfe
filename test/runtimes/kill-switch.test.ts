import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Flow, interrupted, publish } from './flow.ts'
import { json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import { personal } from './overheard.ts'
import { legacyUser } from './post-login.ts'

let server: LegacyServer
let flow: Flow

beforeAll(async () => {
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.reset()
  server.api = ({ method }) => (method === 'PUT' ? { status: 204 } : json(legacyUser))
  flow = await publish(() => server.url)
})

const claiming = interrupted('1042', {
  app_metadata: { plan: personal.profile },
  user_metadata: { locale: 'cy' },
})
const legacyAudience = { identifier: 'https://legacy-api.example' }

/** What each phase does; any other word is `off` to the Actions and `lazy` to the scripts. */
const phases: [phase: string, stamps: boolean, scripts: boolean, lines: number][] = [
  ['lazy', true, true, 0],
  ['off', false, true, 0],
  ['complete', false, false, 0],
  ['Off', false, true, 1],
  ['paused', false, true, 1],
]

for (const [phase, stamps, scripts, lines] of phases) {
  const secrets = { MIGRATION_PHASE: phase }

  test(`MIGRATION_PHASE=${phase}: the Actions ${stamps ? 'call and stamp' : 'neither call nor stamp'}`, async () => {
    const outcome = await flow.logIn(interrupted('1042'), { secrets })
    expect('legacy_migration' in outcome.appMetadata).toBe(stamps)
    expect(server.seen.length > 0).toBe(stamps)
    expect(outcome.logs).toHaveLength(lines)
  })

  test(`MIGRATION_PHASE=${phase}: claims are set and the legacy audience is denied`, async () => {
    const outcome = await flow.logIn(claiming, { secrets })
    expect(outcome.idTokenClaims).toEqual({
      'https://claims.example/plan': personal.profile,
      'https://claims.example/locale': 'cy',
    })
    const event = { resource_server: legacyAudience }
    expect((await flow.logIn(claiming, { secrets, event })).denied).not.toBe(null)
  })

  test(`MIGRATION_PHASE=${phase}: the scripts ${scripts ? 'go on' : 'know nobody, and ask nobody'}`, async () => {
    for (const script of ['login', 'get_user'] as const) {
      const { outcome } = await flow.runScript(script, secrets)
      expect(outcome.type).toBe(scripts ? 'profile' : 'not-found')
    }
    expect(server.seen.length > 0).toBe(scripts)
  })
}

test('MIGRATION_PHASE: switched back to lazy, the next login does what was left', async () => {
  await flow.logIn(interrupted('1042'), { secrets: { MIGRATION_PHASE: 'off' } })
  const { appMetadata } = await flow.logIn(interrupted('1042'))
  expect(appMetadata).toMatchObject({
    plan: personal.profile,
    legacy_migration: { mark: 'marked' },
  })
})
