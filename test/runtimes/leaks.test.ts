import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Flow, interrupted, publish } from './flow.ts'
import {
  type Answer,
  json,
  type LegacyServer,
  problem,
  startLegacyServer,
} from './legacy-server.ts'
import { personal, personalIn } from './overheard.ts'
import { legacyUser } from './post-login.ts'

/** An API that tells in its errors whatever it knows: none of it may go on. */
const telling = JSON.stringify({ ...personal, token: 'token-1', type: 'about:blank' })
let server: LegacyServer
let flow: Flow
let texts: string[]

beforeAll(async () => {
  server = await startLegacyServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  server.reset()
  texts = []
  flow = await publish(() => server.url, {
    backfill: { since: '2026-11-21', budget: 300 },
    mark: { budget: 300 },
    scripts: { budget: 500 },
  })
})
const answers: [what: string, answer: Answer][] = [
  ['the user', json(legacyUser)],
  ['a user who is blocked', json({ ...legacyUser, blocked: true })],
  ['a user who has migrated', json({ ...legacyUser, migrated_at: '2026-11-22T10:00:00Z' })],
  ['a user without an address', json({ ...legacyUser, email: `${personal.profile} none` })],
  ['a user of a wrong shape', json({ ...legacyUser, email_verified: personal.email })],
  ['a user whose MFA stays behind', json({ ...legacyUser, mfa_required: true })],
  ['a user too large', json({ ...legacyUser, user_metadata: { a: personal.email.repeat(900) } })],
  ['another user', json({ ...legacyUser, legacy_id: personal.email })],
  ['no JSON', { status: 200, type: 'application/json', body: `${telling}${telling}` }],
  ['a body cut off', 'cut'],
  ['nothing at all', 'hang'],
  ['a redirect', { status: 307, location: `/?email=${personal.email}` }],
  ...[400, 401, 403, 404, 409, 422, 429, 500, 503].map((status): [string, Answer] => [
    `${status}, telling all`,
    { status, type: 'application/problem+json', body: telling },
  ]),
  ...['invalid-credentials', 'user-not-found', 'blocked', 'ambiguous', 'already-migrated'].map(
    (name): [string, Answer] => [name, problem(name, 409)],
  ),
]

for (const [what, answer] of answers) {
  test(`what leaves: ${what} from the legacy API tells nobody who, and nothing of them`, async () => {
    server.api = () => answer
    await everything()
  })
}

for (const [what, answer] of answers.filter(([name]) => !name.startsWith('a user'))) {
  test(`what leaves: ${what} from the token endpoint tells nobody anything`, async () => {
    server.token = () => answer
    await everything()
  })
}

const settings: [what: string, overrides: Record<string, string>][] = [
  ['a URL that is none', { LEGACY_API_URL: 'not-a-url', LEGACY_TOKEN_URL: 'not-a-url' }],
  ['a password in a URL', { LEGACY_API_URL: 'https://me:hidden@legacy.example' }],
  ['a namespace that is none', { CLAIM_NAMESPACE: 'hidden' }],
  ['a phase that is none', { MIGRATION_PHASE: 'hidden' }],
  ['nothing', Object.fromEntries(['LEGACY_API_URL', 'CLAIM_NAMESPACE'].map((name) => [name, '']))],
]

for (const [what, overrides] of settings) {
  test(`what leaves: ${what} for a setting is named and not quoted`, async () => {
    server.api = () => json(legacyUser)
    await everything(overrides)
    expect(texts.some((text) => Object.keys(overrides).some((name) => text.includes(name)))).toBe(
      true,
    )
    expect(texts.filter((text) => /not-a-url|hidden/.test(text))).toEqual([])
  })
}

test('what leaves: the scan sees a word that does leave', async () => {
  const reason = `api.access.deny(event.user.email)`
  const code = `exports.onExecutePostLogin = async (event, api) => ${reason}`
  const more = [{ name: 'tells', code, secrets: {} }]
  const { denied } = await flow.logIn(interrupted('1042'), { more })
  expect(personalIn(denied?.reason ?? '')).toContain(personal.email)
})

/** A login at each stage, for the legacy audience too, and both scripts. */
async function everything(secrets: Record<string, string> = {}): Promise<void> {
  const stamp = { legacy_id: '1042', backfilled_at: '2026-11-25', backfill: 'filled' }
  const stamped = { plan: personal.profile, legacy_migration: stamp }
  const audience = { resource_server: { identifier: 'https://legacy-api.example' } }
  const logins = [
    await flow.logIn(interrupted('1042'), { secrets }),
    await flow.logIn(interrupted('1042', { app_metadata: stamped }), { secrets }),
    await flow.logIn(interrupted('1042'), { secrets, event: audience }),
  ]
  for (const { denied, logs } of logins) {
    texts.push(...logs.map(({ text }) => text), ...(denied === null ? [] : [denied.reason]))
  }
  for (const script of ['login', 'get_user'] as const) {
    const { outcome, logs } = await flow.runScript(script, secrets)
    texts.push(...logs, ...(outcome.type === 'error' ? [outcome.message] : []))
    expect(outcome.type).not.toBe('none')
  }
}

test('what leaves: every test of this folder that lets anything out is overheard', () => {
  const silent = ['overheard.ts']
  const files = readdirSync(import.meta.dirname, { recursive: true }).map(String)
  for (const file of files.filter((one) => one.endsWith('.ts'))) {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8')
    const lets = /fetch|createServer|console|runPostLogin|runDatabaseScript/.test(source)
    if (!lets || silent.includes(file)) continue
    expect(source, file).toMatch(
      /from '\.{1,2}\/(overheard|legacy-server|flow|post-login|world)\.ts'/,
    )
  }
})
