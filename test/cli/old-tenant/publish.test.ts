import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migration } from '../run-migration.ts'
import { everything, type OldTenantWorld, startOldTenantWorld } from './old-tenant-world.ts'

let world: OldTenantWorld

beforeAll(async () => {
  world = await startOldTenantWorld()
  const { management } = world
  // Somebody else's Action, application and grant: nothing of them may change.
  const { id } = await management.post<{ id: string }>('actions/actions', {
    name: 'enrich-profile',
    code: 'exports.onExecutePostLogin = async () => {}',
    runtime: 'node22',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    secrets: [{ name: 'KEY', value: 'theirs' }],
  })
  await management.get(`actions/actions/${id}`)
  await management.post(`actions/actions/${id}/deploy`, {})
  await management.patch('actions/triggers/post-login/bindings', {
    bindings: [{ ref: { type: 'action_name', value: 'enrich-profile' }, display_name: 'enrich' }],
  })
  const shop = await management.post<{ client_id: string }>('clients', { name: 'Shop' })
  const connections = await management.get<readonly { id: string }[]>('connections')
  await management.patch(`connections/${connections[0]?.id}/clients`, [
    { client_id: shop.client_id, status: true },
  ])
}, 60_000)

afterAll(() => world.close())

test('publish --old-tenant: makes application, grant and Action, and undo leaves not a trace of them', {
  timeout: 120_000,
}, async () => {
  const before = await everything(world)

  const planned = await world.run(['plan', '--old-tenant', '--json'])
  expect(planned.stderr).toContain('Reading')
  const { changes, warnings } = JSON.parse(planned.stdout)
  expect(
    changes.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`),
  ).toEqual([
    'client Tenant Migration',
    `client-grant Tenant Migration for https://${world.running.domain}/api/v2/`,
    'action hand-over-user',
    'bindings post-login',
    'connection Username-Password-Authentication',
  ])
  expect(warnings).toEqual([])
  expect(await everything(world)).toEqual(before)

  const published = await world.run(['publish', '--old-tenant', '--yes'])
  expect(published.status, published.stderr).toBe(0)
  const { management } = world
  const client = await management.clientNamed('Tenant Migration')
  expect(published.stdout).toContain(`OLD_TENANT_CLIENT_ID=${client.client_id}`)
  expect(published.stdout + published.stderr).not.toContain(client.client_secret)
  expect(client).toMatchObject({
    app_type: 'non_interactive',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['client_credentials', 'http://auth0.com/oauth/grant-type/password-realm'],
    client_metadata: { hand_over_users: 'true' },
    // Not by the secret, as Auth0 does where nobody says so: its keys are what a login verifies by.
    jwt_configuration: { alg: 'RS256' },
  })
  const { bindings } = await management.get<{ bindings: { action: { name: string } }[] }>(
    'actions/triggers/post-login/bindings',
  )
  expect(bindings.map(({ action }) => action.name)).toEqual(['enrich-profile', 'hand-over-user'])

  const again = await world.run(['publish', '--old-tenant', '--yes'])
  expect([again.status, again.stdout]).toEqual([
    0,
    `Nothing to do: ${world.running.domain} is as tenant.old.yaml says.\n`,
  ])

  const undone = await world.run(['undo', '--old-tenant', '--yes'])
  expect(undone.status, undone.stderr).toBe(0)
  expect(undone.stdout).toContain('application Tenant Migration is deleted')
  expect(undone.stdout).not.toContain('Left as it is')
  expect(await everything(world)).toEqual(before)
})

test('publish --old-tenant: a misnamed connection is named, and nothing is made', async () => {
  const before = await everything(world)
  const { status, stderr } = await world.run(['publish', '--old-tenant', '--yes'], {
    OLD_TENANT_CONNECTION: 'Username-Pasword-Authentication',
  })
  expect(status).toBe(1)
  expect(stderr).toContain(
    'OLD_TENANT_CONNECTION: the old tenant has no connection Username-Pasword-Authentication.',
  )
  expect(await everything(world)).toEqual(before)
})

test('publish --old-tenant: without the setting, or with a legacy API for a source, it is misuse', async () => {
  const missing = await world.run(['plan', '--old-tenant'], { OLD_TENANT_CONNECTION: '' })
  expect([missing.status, missing.stdout]).toEqual([2, ''])
  expect(missing.stderr).toContain('Set in the environment: OLD_TENANT_CONNECTION.')
  const before = await everything(world)
  // This project itself, whose users are behind a legacy API.
  for (const command of ['plan', 'publish']) {
    const { status, stdout, stderr } = await migration([command, '--old-tenant', '--json'], {
      env: world.env,
    })
    expect([command, status, stdout]).toEqual([command, 2, ''])
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '')
    expect(error.code).toBe('setting_invalid')
    expect(error.message).toContain("source has to be 'auth0-tenant'")
  }
  expect(await everything(world)).toEqual(before)
}, 60_000)

test('plan, publish: of the one tenant to the other is misuse, and nothing is made', async () => {
  const before = await everything(world)
  const { domain } = world.running
  const settings = {
    ...{ OLD_TENANT_CLIENT_ID: 'a', OLD_TENANT_CLIENT_SECRET: 'b' },
    CLAIM_NAMESPACE: 'https://claims.example/',
  }
  for (const [args, old, says] of [
    // Its logins would ask itself.
    [['plan'], domain, 'AUTH0_DOMAIN is OLD_TENANT_DOMAIN'],
    [['publish', '--yes'], ` ${domain.toUpperCase()}`, 'AUTH0_DOMAIN is OLD_TENANT_DOMAIN'],
    [
      ['publish', '--old-tenant', '--yes'],
      'other.example',
      'AUTH0_DOMAIN is not OLD_TENANT_DOMAIN',
    ],
  ] as const) {
    const { status, stderr } = await world.run(args, { ...settings, OLD_TENANT_DOMAIN: old })
    expect([args, status]).toEqual([args, 2])
    expect(stderr).toContain(says)
  }
  expect(await everything(world)).toEqual(before)
}, 60_000)

test('publish --old-tenant: keeps its journal apart from that of any other tenant', () => {
  const folders = readdirSync(join(world.project.root, '.migration'))
  expect(folders).toEqual([world.running.domain.replace(':', '_')])
})
