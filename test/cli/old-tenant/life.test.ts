import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connection } from '../../../cli/demo/from-tenant/project.ts'
import { movedKey } from '../../../core/old-tenant-user.ts'
import { type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'
import { startTargetTenant, type TargetTenant } from './target-tenant.ts'

/** These tests are one life, in order. */
let old: OldTenantWorld
let target: TargetTenant
/** Requests that the old tenant answered. */
const asked: string[] = []
const linked = { primary: 'auth0|staff', userId: 'auth0|linked' }

/** As the Actions write it, `more` aside. */
function noteOf(id: string, more: object = {}) {
  const migrated_at = '2026-11-20T10:00:00.000Z'
  return { auth0_user_id: `auth0|${id}`, migrated_at, metadata: 'complete', ...more }
}

const notes: readonly (readonly [id: string, note?: unknown])[] = [
  ['waits-1'],
  ['waits-2'],
  ['whole-1', noteOf('whole-1')],
  ['whole-2', noteOf('whole-2', { migrated_at: '2026-11-19T23:59:59.000Z' })],
  ['large', noteOf('large', { metadata: 'too-large' })],
  ['lost', noteOf('lost', { metadata: 'not-found' })],
  ['unsaid', noteOf('unsaid', { metadata: undefined })],
  ['spoilt', 'yes'],
]

beforeAll(async () => {
  const onRequest = ({ method, route }: { method: string; route: string }) =>
    asked.push(`${method} ${route}`)
  old = await startOldTenantWorld({ onRequest })
  expect((await old.run(['publish', '--old-tenant', '--yes'])).status).toBe(0)
  await old.management.post('connections', { name: 'staff', strategy: 'auth0' })
  for (const [id, note] of notes) await addOldUser(id, note)
  await addLinked()
  target = await startTargetTenant(old)
  for (const id of ['whole-1', 'whole-2', 'large', 'lost', 'unsaid', 'linked']) await addMoved(id)
  const published = await run(['publish', '--yes'], { MIGRATION_PHASE: 'lazy' })
  expect(published.status, published.stderr).toBe(0)
}, 60_000)

afterAll(async () => {
  await target.running.close()
  await old.close()
})

async function addOldUser(user_id: string, note?: unknown, into = connection) {
  const app_metadata = note === undefined ? {} : { [movedKey]: note }
  const body = { email: `${user_id}@old.example`, password: 'Corr3ct-horse', app_metadata }
  await old.management.post('users', { connection: into, user_id, ...body })
}

/** Its metadata, and so its note, are those of the primary account, of another database. */
async function addLinked() {
  await addOldUser('staff', noteOf('linked'), 'staff')
  await addOldUser('linked')
  const path = `users/${encodeURIComponent(linked.primary)}/identities`
  await old.management.post(path, { provider: 'auth0', user_id: 'linked' })
}

async function addMoved(user_id: string) {
  const stamp = { legacy_id: user_id, backfilled_at: '2026-11-20T10:00:00.000Z', mark: 'marked' }
  await target.management.post('users', {
    ...{ connection, user_id, email: `${user_id}@old.example`, password: 'Corr3ct-horse' },
    app_metadata: { legacy_migration: { ...stamp, backfill: 'arrived' } },
  })
}

function run(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const own = { CLAIM_NAMESPACE: 'https://claims.example/', TMPDIR: old.project.root }
  return old.run(args, { ...target.env, ...own, ...more })
}

/** A command of which `--json` is read, and what it asked the old tenant's Management API. */
async function found(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const before = asked.length
  const { status, stdout, stderr } = await run([...args, '--json'], more)
  expect(stdout + stderr).not.toMatch(/@old\.example/)
  const calls = asked.slice(before).filter((one) => one.includes('/api/v2/'))
  return { status, calls, found: JSON.parse(stdout || (stderr.trim().split('\n').at(-1) ?? '')) }
}

function noteNow(userId: string): unknown {
  return old.running.tenant.state.users.get(userId)?.profile.app_metadata?.[movedKey]
}

test('status: counts by an export of the old tenant, linked accounts too, in a few requests', async () => {
  const { status, calls, found: report } = await found(['status'])
  expect(status).toBe(0)
  expect(report).toMatchObject({
    ...{ connection, phase: { phase: 'lazy' }, total: 9, migrated: 6, remaining: 3 },
    ...{ complete: 3, tooLarge: 1, notFound: 2 },
  })
  expect(report.perDay.slice(0, 2)).toEqual([
    { date: '2026-11-19', migrated: 1 },
    { date: '2026-11-20', migrated: 5 },
  ])
  expect(new Set(calls)).toEqual(
    new Set(['POST /api/v2/jobs/users-exports', 'GET /api/v2/jobs/{id}']),
  )
  expect(calls.length).toBeLessThan(6)
}, 30_000)

test('status: --list names those who came without metadata, and --verify looks at those who moved', async () => {
  const listed = await run(['status', '--list', '--no-tenant'])
  expect(listed.stdout).toBe('too-large\tlarge\nnot-found\tlost\nnot-found\tunsaid\n')
  const { status, found: report } = await found(['status', '--verify', '10'])
  expect([status, report.verification]).toEqual([
    0,
    { agree: 6, missing: [], unstamped: [], disagree: [], conflict: [] },
  ])
}, 30_000)

test('status: leaves no export behind', () => {
  const names = readdirSync(old.project.root)
  expect(names.filter((name) => name.startsWith('.import-'))).toEqual([])
})

const waived = ['--waive', 'large', '--waive', 'lost', '--waive', 'unsaid']

function codesOf({ reasons }: { readonly reasons: readonly { readonly code: string }[] }) {
  return reasons.map(({ code }) => code)
}

test('complete: wants of an old tenant what it wants of a legacy API', async () => {
  const first = await found(['complete', '--yes'])
  expect([first.status, codesOf(first.found)]).toEqual([
    1,
    ['lazy_logins_go_on', 'users_remaining', 'users_not_whole'],
  ])
  expect(first.found).toMatchObject({ complete: false, changed: false, remaining: 3, waived: 0 })
  const allowed = await found(['complete', '--yes', '--allow-remaining', '3', ...waived])
  expect(codesOf(allowed.found)).toEqual(['lazy_logins_go_on'])
  expect((await run(['phase', 'complete', '--yes'])).status).toBe(0)
  const links = await found(['complete', '--yes', '--allow-remaining', '3', ...waived])
  expect(codesOf(links.found)).toEqual(['reset_links_alive'])
}, 60_000)

function scriptsOf() {
  const { connections } = target.running.tenant.state
  const [database] = [...connections.values()].filter(({ name }) => name === connection)
  return structuredClone(database?.options.customScripts)
}

async function setGrantTypes(grant_types: readonly string[]) {
  const { client_id } = await old.management.clientNamed('Tenant Migration')
  await old.management.patch(`clients/${client_id}`, { grant_types })
}

const limits = ['--allow-remaining', '3', '--reset-link-lifetime', '0', ...waived, '--yes']

test('complete, rollback: the scripts find nobody, and come back to the byte', async () => {
  const before = scriptsOf()
  const over = await run(['complete', ...limits])
  expect(over.status, over.stderr).toBe(0)
  expect(over.stdout).toContain(`nothing calls the old tenant ${old.running.domain}.`)
  const noOp = expect.stringContaining('no-op/')
  expect(scriptsOf()).toEqual({ login: noOp, get_user: noOp })
  expect((await found(['complete', ...limits])).found).toMatchObject({ changed: false })
  const { found: status } = await found(['status'])
  expect(status).toMatchObject({ phase: { phase: 'complete' }, remaining: 3 })

  // Scripts that cannot ask would keep everybody from signing up.
  await setGrantTypes(['client_credentials'])
  const refused = await found(['rollback', '--yes'])
  expect([refused.status, refused.found.error.code]).toEqual([1, 'old_tenant_unfit'])
  expect(refused.found.error.message).toContain('password-realm')
  expect(scriptsOf()).toEqual({ login: noOp, get_user: noOp })
  await setGrantTypes(['client_credentials', 'http://auth0.com/oauth/grant-type/password-realm'])

  const back = await found(['rollback', '--yes'])
  expect([back.status, back.found]).toEqual([
    0,
    {
      ...{ domain: target.running.domain, before: 'complete', phase: 'lazy', changed: true },
      scripts: ['login', 'get_user'],
    },
  ])
  expect(scriptsOf()).toEqual(before)
}, 90_000)

test('unmark: takes back the note of one user, of a linked account and a spoilt one, and of no other’s', async () => {
  const ids = ['auth0|whole-1', linked.userId, 'auth0|spoilt', 'auth0|waits-1']
  const done = await found(['unmark', ...ids, '--yes'])
  expect([done.status, done.found]).toEqual([
    0,
    { users: 4, unmarked: 4, notFound: 0, migratedToAnother: 0, failed: 0 },
  ])
  for (const id of ['auth0|whole-1', linked.primary, 'auth0|spoilt']) {
    expect(noteNow(id), id).toBeUndefined()
  }
  const left = await found(['unmark', 'google-oauth2|7', '--legacy-id', 'whole-2', '--yes'])
  expect([left.status, left.found.migratedToAnother]).toEqual([1, 1])
  expect(noteNow('auth0|whole-2')).toBeDefined()
  const nobody = await found(['unmark', 'auth0|nobody', '--yes'])
  expect([nobody.status, nobody.found.notFound]).toEqual([1, 1])
  const unnamed = await run(['unmark', 'google-oauth2|7', '--yes'])
  expect([unnamed.status, unnamed.stderr]).toEqual([2, expect.stringContaining('--legacy-id')])
}, 30_000)

test('unmark: says which scope the old tenant’s application lacks, before it asks about anybody', async () => {
  const { client_id } = await old.management.clientNamed('Tenant Migration')
  const [grant] = await old.management.get<readonly { id: string }[]>(
    `client-grants?client_id=${client_id}`,
  )
  await old.management.patch(`client-grants/${grant?.id}`, { scope: ['read:users'] })
  const { status, calls, found: said } = await found(['unmark', 'auth0|whole-2', '--yes'])
  expect([status, said.error.code, calls]).toEqual([1, 'scope_missing', []])
  expect(said.error.message).toContain('update:users_app_metadata')
})

test('reset: clears the stamp in the new tenant, and touches no note of the old one', async () => {
  const before = asked.length
  const done = await found(['reset', 'auth0|whole-2', '--yes'])
  expect([done.status, done.found.cleared]).toEqual([0, 1])
  expect(target.running.tenant.state.users.get('auth0|whole-2')?.profile.app_metadata).toEqual({})
  expect(noteNow('auth0|whole-2')).toBeDefined()
  expect(asked).toHaveLength(before)
})

for (const [why, change, code, says] of [
  [
    'a connection that is misnamed',
    { OLD_TENANT_CONNECTION: 'Username-Pasword' },
    'old_tenant_unfit',
    'is OLD_TENANT_CONNECTION right?',
  ],
  [
    'an application that is not there',
    { OLD_TENANT_CLIENT_ID: 'nobody' },
    'token_refused',
    'it has no application OLD_TENANT_CLIENT_ID',
  ],
  ['no domain', { OLD_TENANT_DOMAIN: '' }, 'setting_missing', 'OLD_TENANT_DOMAIN'],
] as const) {
  test(`status: ${why} is named, and is no short list of users`, async () => {
    const { status, found: said } = await found(['status'], change)
    expect([status === 0, said.error.code]).toEqual([false, code])
    expect(said.error.message).toContain(says)
  })
}

test('complete: other settings of the old tenant than were published are named', async () => {
  const { status, found: said } = await found(['complete', '--yes'], { OLD_TENANT_CONNECTION: 'x' })
  expect([status, said.error.code]).toEqual([1, 'settings_differ'])
  expect(said.error.message).toContain('OLD_TENANT_CONNECTION')
})

// The last one: it takes the grant away.
test('status, unmark: an application without its client grant is named', async () => {
  const { client_id } = await old.management.clientNamed('Tenant Migration')
  const [grant] = await old.management.get<readonly { id: string }[]>(
    `client-grants?client_id=${client_id}`,
  )
  await old.management.delete(`client-grants/${grant?.id}`)
  for (const args of [['status'], ['unmark', 'auth0|whole-2', '--yes']]) {
    const { status, found: said } = await found(args)
    expect([status, said.error.code]).toEqual([1, 'token_refused'])
    expect(said.error.message).toContain('the application of OLD_TENANT_CLIENT_ID has no grant')
  }
})
