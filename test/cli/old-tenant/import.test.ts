import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from '@node-rs/bcrypt'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connection } from '../../../cli/demo/from-tenant/project.ts'
import type { RunningTenant } from '../../../servers/tenant/server.ts'
import { type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'
import { startTargetTenant } from './target-tenant.ts'

const password = 'Corr3ct-horse'
let old: OldTenantWorld
let target: RunningTenant
let env: Record<string, string>
/** Ids without `auth0|`, by what is special about them. */
const ids = { hashed: '', hashless: '', linked: '', moved: '', staff: '' }

async function createUser(name: keyof typeof ids, into: string, more: object = {}) {
  const email = `${name}@old.example`
  const body = { connection: into, email, password, app_metadata: { plan: name }, ...more }
  const { user_id } = await old.management.post<{ user_id: string }>('users', body)
  ids[name] = user_id.slice('auth0|'.length)
}

beforeAll(async () => {
  old = await startOldTenantWorld()
  await old.management.post('connections', { name: 'staff', strategy: 'auth0' })
  await createUser('hashed', connection)
  await createUser('hashless', connection)
  await createUser('staff', 'staff')
  await createUser('linked', connection)
  // Of this one the old tenant shows the primary account alone.
  const primary = encodeURIComponent(`auth0|${ids.staff}`)
  const body = { provider: 'auth0', user_id: ids.linked }
  await old.management.post(`users/${primary}/identities`, body)
  const mark = { migrated_at: '2026-11-20T10:00:00Z', auth0_user_id: 'auth0|x' }
  await createUser('moved', connection, { app_metadata: { moved_to_new_tenant: mark } })
  expect((await old.run(['publish', '--old-tenant', '--yes'])).status).toBe(0)
  await startTarget()
}, 60_000)

async function startTarget() {
  const started = await startTargetTenant(old)
  target = started.running
  env = { ...started.env, MIGRATION_PHASE: 'complete' }
}

beforeEach(() => {
  for (const file of readdirSync(old.project.root)) {
    if (/^(migration-import|dead-letters)/.test(file)) rmSync(join(old.project.root, file))
  }
})

afterAll(async () => {
  await target.close()
  await old.close()
})

function usersOf({ tenant }: RunningTenant) {
  return [...tenant.state.users.values()].map(({ profile }) => profile)
}

test('import old-tenant: brings the connection’s users with the hashes that support supplied, and marks them', {
  timeout: 60_000,
}, async () => {
  const file = join(old.project.root, 'passwords.ndjson')
  const row = { _id: { $oid: ids.hashed }, connection, passwordHash: await hash(password, 10) }
  writeFileSync(file, `${JSON.stringify(row)}\n`)
  // The first download breaks off, and its link is of no use any more.
  old.running.faults.add({ method: 'GET', route: '/exports/{secret}', cut: 'after', times: 1 })
  const args = ['import', 'old-tenant', '--passwords', file, '--yes', '--json']
  const { status, stdout, stderr } = await old.run(args, env)
  old.running.faults.clear()

  expect(status, stderr).toBe(1)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ read: 4, inserted: 1, dead: 2, balances: true })
  expect(report.reasons).toEqual({ password_hash_missing: 2 })
  expect(usersOf(target).map(({ user_id }) => user_id)).toEqual([`auth0|${ids.hashed}`])
  const stored = [...target.tenant.state.users.values()][0]
  expect(stored?.profile.app_metadata).toMatchObject({
    plan: 'hashed',
    legacy_migration: { legacy_id: ids.hashed, backfill: 'arrived' },
  })
  expect(JSON.stringify(stored)).toContain(row.passwordHash)
  const marks = usersOf(old.running).filter(
    ({ app_metadata }) => 'moved_to_new_tenant' in (app_metadata ?? {}),
  )
  expect(marks.map(({ email }) => email).sort()).toEqual([
    'hashed@old.example',
    'moved@old.example',
  ])
  expect(stdout + stderr).not.toMatch(/@old\.example|\$2b\$/)
  expect(readFileSync(report.dead_letters, 'utf8')).not.toContain('$2b$')
  expect(readdirSync(old.project.root).filter((name) => name.startsWith('.import-'))).toEqual([])
})

test('import old-tenant: without a file of hashes it takes --without-passwords, and brings the rest; undo takes that back', {
  timeout: 60_000,
}, async () => {
  const args = ['import', 'old-tenant', '--without-passwords', '--yes', '--json']
  const { status, stdout, stderr } = await old.run(args, env)
  expect(status, stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ inserted: 2, dead: 0, balances: true })
  const found = usersOf(target).map(({ user_id }) => user_id)
  const wanted = [ids.hashed, ids.hashless, ids.linked].map((id) => `auth0|${id}`)
  expect(found.sort()).toEqual(wanted.sort())
  // The mark of a linked account is where its metadata are: at the primary one.
  const primary = usersOf(old.running).find(({ user_id }) => user_id === `auth0|${ids.staff}`)
  expect(primary?.app_metadata).toMatchObject({
    moved_to_new_tenant: { auth0_user_id: `auth0|${ids.linked}` },
  })

  const undone = await old.run(['import', 'undo', '--yes', '--json'], env)
  expect(undone.status, undone.stderr).toBe(0)
  expect(JSON.parse(undone.stdout)).toMatchObject({ users: 2, deleted: 2, failed: 0 })
  expect(usersOf(target).map(({ user_id }) => user_id)).toEqual([`auth0|${ids.hashed}`])
  const marked = usersOf(old.running).filter(
    ({ app_metadata }) => 'moved_to_new_tenant' in (app_metadata ?? {}),
  )
  expect(marked.map(({ email }) => email).sort()).toEqual([
    ...['hashed@old.example', 'moved@old.example'],
  ])
})

for (const [why, change, code, message] of [
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
    'it has no application OLD_TENANT_CLIENT_ID, or OLD_TENANT_CLIENT_SECRET is another',
  ],
  [
    'a secret of another application',
    { OLD_TENANT_CLIENT_SECRET: 'of-another' },
    'token_refused',
    'OLD_TENANT_CLIENT_SECRET is another',
  ],
  [
    'a domain with a path',
    { OLD_TENANT_DOMAIN: 'old.example/api' },
    'setting_invalid',
    'OLD_TENANT_DOMAIN: it has to be a host name alone',
  ],
  ['no domain', { OLD_TENANT_DOMAIN: '' }, 'setting_missing', 'OLD_TENANT_DOMAIN'],
  [
    'one tenant for both',
    () => ({ OLD_TENANT_DOMAIN: env.AUTH0_DOMAIN ?? '' }),
    'setting_invalid',
    'AUTH0_DOMAIN is OLD_TENANT_DOMAIN',
  ],
] as const) {
  test(`import old-tenant: ${why} is named, and nothing is sent`, async () => {
    const before = usersOf(target).length
    const args = ['import', 'old-tenant', '--without-passwords', '--no-marks', '--yes', '--json']
    const { status, stderr } = await old.run(args, {
      ...env,
      ...(typeof change === 'function' ? change() : change),
    })
    expect(status).not.toBe(0)
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('of-another')
    expect(usersOf(target)).toHaveLength(before)
  })
}

test('import memberships: says which scopes the old tenant’s application lacks, and leaves no file', async () => {
  const { status, stderr } = await old.run(['import', 'memberships', 'who.ndjson'], env)
  expect(status).toBe(1)
  expect(stderr).toContain('read:roles, read:role_members, read:organizations')
  expect(stderr).toContain('OLD_TENANT_OPERATOR_CLIENT_ID')
  expect(readdirSync(old.project.root)).not.toContain('who.ndjson')
})

test('publish: brings a new tenant to tenant.from-tenant.yaml, on a connection with users, and phase ends it', {
  timeout: 120_000,
}, async () => {
  const before = usersOf(target)
  const more = { ...env, CLAIM_NAMESPACE: 'https://claims.example/', MIGRATION_PHASE: '' }
  const published = await old.run(['publish', '--yes', '--json'], more)
  expect(published.status, published.stderr).toBe(0)
  const { warnings } = JSON.parse(published.stdout)
  expect(warnings.map(({ code }: { code: string }) => code)).toEqual(['connection_has_users'])
  const { actions, clients, connections } = target.tenant.state
  expect([...actions.values()].map(({ name }) => name).sort()).toEqual([
    ...['backfill-metadata', 'copy-metadata', 'mark-migrated'],
  ])
  expect([...clients.values()].map(({ name }) => name)).not.toContain('Legacy Migration Scripts')
  const [database] = connections.values()
  expect(database?.options).toMatchObject({ import_mode: true, enabledDatabaseCustomization: true })
  expect(usersOf(target)).toEqual(before)

  const again = await old.run(['plan', '--exit-code', '--json'], more)
  expect([again.status, JSON.parse(again.stdout).changes]).toEqual([0, []])

  const complete = await old.run(['phase', 'complete', '--yes', '--json'], more)
  expect(complete.status, complete.stderr).toBe(0)
  const after = await old.run(['plan', '--json'], more)
  expect(JSON.parse(after.stdout)).toMatchObject({ phase: 'complete', changes: [] })
  const back = await old.run(['phase', 'lazy', '--yes', '--json'], more)
  expect(back.status, back.stderr).toBe(0)
  const undone = await old.run(['undo', '--yes', '--json'], more)
  expect(undone.status, undone.stderr).toBe(0)
  expect([...target.tenant.state.actions.values()]).toEqual([])
})

// The last one: it spoils the old tenant.
test('publish: looks at the old tenant first, and names what it lacks before anything is changed', {
  timeout: 60_000,
}, async () => {
  const more = { ...env, CLAIM_NAMESPACE: 'https://claims.example/', MIGRATION_PHASE: 'lazy' }
  const refused = async (change: Record<string, string> = {}) => {
    const before = structuredClone([...target.tenant.state.actions.values()])
    const { status, stderr } = await old.run(['publish', '--yes', '--json'], { ...more, ...change })
    expect(status).toBe(1)
    expect([...target.tenant.state.actions.values()]).toEqual(before)
    return JSON.parse(stderr.trim().split('\n').at(-1) ?? '').error.message as string
  }
  expect(await refused({ OLD_TENANT_CONNECTION: 'staf' })).toContain(
    'OLD_TENANT_CONNECTION is no connection of it',
  )
  expect(await refused({ OLD_TENANT_CLIENT_SECRET: 'of-another' })).toContain(
    'it has no application of OLD_TENANT_CLIENT_ID, or OLD_TENANT_CLIENT_SECRET is another',
  )
  const { client_id } = await old.management.clientNamed('Tenant Migration')
  await old.management.patch(`clients/${client_id}`, { grant_types: ['client_credentials'] })
  expect(await refused()).toContain('password-realm')
  const grants = ['client_credentials', 'http://auth0.com/oauth/grant-type/password-realm']
  await old.management.patch(`clients/${client_id}`, { grant_types: grants })
  const [grant] = await old.management.get<readonly { id: string }[]>(
    `client-grants?client_id=${client_id}`,
  )
  await old.management.patch(`client-grants/${grant?.id}`, { scope: ['read:users'] })
  expect(await refused()).toContain('This takes update:users_app_metadata on the old tenant')
  await old.management.delete(`client-grants/${grant?.id}`)
  expect(await refused()).toContain('has no grant for it')
})
