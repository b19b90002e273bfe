import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { managementScopes } from '../../../../servers/tenant/management/management-scopes.ts'
import { createManagementUnderTest, type ManagementUnderTest } from './management-under-test.ts'

let under: ManagementUnderTest
beforeEach(async () => {
  under = await createManagementUnderTest()
})

const database = { name: 'legacy-users', strategy: 'auth0' }
const options = { import_mode: true, enabledDatabaseCustomization: true }

async function create(body: object = {}): Promise<string> {
  const answer = await under.call('POST', '/connections', { ...database, ...body })
  expect(answer.status).toBe(201)
  return answer.body.id
}

const get = async (id: string) => (await under.call('GET', `/connections/${id}`)).body
const patch = (id: string, body: Parameters<typeof under.call>[2]) =>
  under.call('PATCH', `/connections/${id}`, body)

test('connections: a database has Auth0’s defaults where its options do not say', async () => {
  const shown = await get(await create({ options: { ...options, passwordPolicy: 'excellent' } }))
  expect(shown.options).toMatchObject({
    ...options,
    passwordPolicy: 'excellent',
    brute_force_protection: true,
    strategy_version: 2,
  })
  expect(shown).toMatchObject({ ...database, realms: ['legacy-users'], enabled_clients: [] })
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccConnection.yaml
test('connections: a change replaces all options but those of passkeys, and nothing else', async () => {
  const id = await create({ options, display_name: 'Users', metadata: { team: 'identity' } })
  const { passkey_options, authentication_methods } = (await get(id)).options
  const lasting = { passkey_options, authentication_methods }
  expect(lasting).toMatchObject({
    passkey_options: { challenge_ui: 'both' },
    authentication_methods: { passkey: { enabled: false }, password: { enabled: true } },
  })
  await patch(id, { options: { import_mode: false } })
  const shown = await get(id)
  // `strategy_version` is gone with the rest: it was not sent back.
  expect(shown.options).toEqual({ import_mode: false, ...lasting })
  expect(shown).toMatchObject({ display_name: 'Users', metadata: { team: 'identity' } })
})

test('configuration: it is never shown, and what was shown may be sent back', async () => {
  const id = await create()
  const name = fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/)
  const value = fc.string({ minLength: 4, unit: 'binary' })
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 }), async (settings) => {
      await patch(id, { options: { ...options, configuration: settings } })
      const shown = (await get(id)).options
      expect(Object.keys(shown.configuration).sort()).toEqual(Object.keys(settings).sort())
      for (const [key, kept] of Object.entries(settings)) {
        expect(shown.configuration[key]).not.toContain(kept)
      }
      // deploy-cli does this with every change that does not speak of `configuration`.
      await patch(id, { options: { ...shown, import_mode: false } })
      expect(under.tenant.state.connections.get(id)?.options.configuration).toEqual(settings)
    }),
    { numRuns: 50 },
  )
})

test('configuration: what was shown for one name is not taken for another', async () => {
  const id = await create({ options: { configuration: { SECRET: 'hidden', OPEN: 'o' } } })
  const { SECRET } = (await get(id)).options.configuration
  await patch(id, { options: { configuration: { OPEN: SECRET } } })
  expect(under.tenant.state.connections.get(id)?.options.configuration).toEqual({ OPEN: SECRET })
})

test('connections: options take scopes of their own, to read and to write', async () => {
  const id = await create({ options })
  const without = managementScopes.filter((scope) => !scope.includes('connections_options'))
  const path = `/connections/${id}`
  expect((await under.call('GET', path, undefined, without)).body).not.toHaveProperty('options')
  expect((await under.call('PATCH', path, { options: {} }, without)).body.message).toBe(
    'Insufficient scope, expected any of: update:connections_options',
  )
  expect((await under.call('PATCH', path, { display_name: 'x' }, without)).status).toBe(200)
})

test.each([
  ['a name that is taken', database, 409, 'connection_conflict'],
  ['a name with a space', { ...database, name: 'legacy users' }, 400, 'invalid_body'],
  ['a name that ends in a hyphen', { ...database, name: 'legacy-' }, 400, 'invalid_body'],
  ['an unknown client', { ...database, name: 'b', enabled_clients: ['x'] }, 400, 'invalid_body'],
  [
    'a script over 100 kB',
    { ...database, name: 'b', options: { customScripts: { login: 'x'.repeat(100_001) } } },
    400,
    'invalid_body',
  ],
  [
    'a configuration that is not flat',
    { ...database, name: 'b', options: { configuration: { A: { B: 'c' } } } },
    400,
    'invalid_body',
  ],
])('connections: refuses %s', async (_, body, status, errorCode) => {
  await create()
  expect(await under.call('POST', '/connections', body)).toMatchObject({
    status,
    body: { errorCode },
  })
  expect(under.tenant.state.connections.size).toBe(1)
})

test('connections: neither name nor strategy can be changed', async () => {
  const id = await create()
  expect((await patch(id, database)).body.message).toBe(
    "Payload validation error: 'Additional properties not allowed: name, strategy'.",
  )
})

test('connections: applications are switched on and off one by one', async () => {
  const id = await create()
  const clients = [...under.tenant.state.clients.keys()]
  const path = `/connections/${id}/clients`
  const [first = '', second = ''] = clients
  const on = clients.map((client_id) => ({ client_id, status: true }))
  expect((await under.call('PATCH', path, on)).status).toBe(204)
  expect((await get(id)).enabled_clients).toEqual(clients)
  await under.call('PATCH', path, [{ client_id: first, status: false }])
  expect((await get(id)).enabled_clients).toEqual([second])
})

// https://github.com/auth0/auth0-deploy-cli/tree/master/test/e2e/recordings
test('connections: their applications are listed by id, whenever they were switched on', async () => {
  const names = ['one', 'two', 'three', 'four']
  const made = await Promise.all(names.map((name) => under.call('POST', '/clients', { name })))
  const clients = made.map(({ body }) => String(body.client_id)).toSorted()
  const id = await create({ enabled_clients: clients.toReversed() })
  const { body } = await under.call('GET', `/connections/${id}/clients?take=50`)
  expect(body).toEqual({ clients: clients.map((client_id) => ({ client_id })) })
})

test.each([
  ['nothing', []],
  ['an unknown client', [{ client_id: 'x', status: true }]],
  ['no status', [{ client_id: 'x' }]],
])('connections: switching refuses %s', async (_, body) => {
  const id = await create()
  expect((await under.call('PATCH', `/connections/${id}/clients`, body)).status).toBe(400)
})

test('connections: 50 applications are switched at once, and no more', async () => {
  const id = await create()
  const [client_id = ''] = under.tenant.state.clients.keys()
  const switches = (length: number) => Array.from({ length }, () => ({ client_id, status: true }))
  const path = `/connections/${id}/clients`
  expect((await under.call('PATCH', path, switches(51))).status).toBe(400)
  expect((await under.call('PATCH', path, switches(50))).status).toBe(204)
})

test('connections: one that is deleted takes its users with it, and no others', async () => {
  const id = await create()
  for (const connection of ['legacy-users', 'others']) {
    under.tenant.state.users.set(`auth0|${connection}`, {
      profile: {
        user_id: `auth0|${connection}`,
        email_verified: false,
        app_metadata: {},
        user_metadata: {},
        identities: [{ connection, provider: 'auth0', user_id: connection, isSocial: false }],
        created_at: '2026-01-01T00:00:00.000Z',
        updated_at: '2026-01-01T00:00:00.000Z',
      },
    })
  }
  expect((await under.call('DELETE', `/connections/${id}`)).status).toBe(202)
  expect([...under.tenant.state.users.keys()]).toEqual(['auth0|others'])
})

test('connections: they are found by name and by strategy', async () => {
  await create()
  await under.call('POST', '/connections', { name: 'saml', strategy: 'samlp' })
  const found = async (query: string) =>
    (await under.call('GET', `/connections?${query}`)).body.map(
      ({ name }: { name: string }) => name,
    )
  expect(await found('strategy=auth0')).toEqual(['legacy-users'])
  expect(await found('strategy=auth0&strategy=samlp')).toEqual(['legacy-users', 'saml'])
  expect(await found('name=saml')).toEqual(['saml'])
})

test('connections: none has SCIM, and one that there is not has less', async () => {
  const id = await create()
  expect(await under.call('GET', `/connections/${id}/scim-configuration`)).toMatchObject({
    status: 404,
    body: { errorCode: 'scim_configuration_not_found' },
  })
  expect((await under.call('GET', '/connections/nobody/scim-configuration')).body.errorCode).toBe(
    'inexistent_connection',
  )
})

test.each([
  ['a text for a switch', { import_mode: 'true' }, 'import_mode'],
  ['a number for a switch', { disable_signup: 1 }, 'disable_signup'],
  ['null for a switch', { brute_force_protection: null }, 'brute_force_protection'],
  ['a policy that there is not', { passwordPolicy: 'strong' }, 'passwordPolicy'],
])('connections: %s is refused, and changes nothing', async (_, wrong, name) => {
  const id = await create({ options })
  for (const answer of [
    await under.call('POST', '/connections', { ...database, name: 'other', options: wrong }),
    await patch(id, { options: wrong }),
  ]) {
    expect(answer).toMatchObject({ status: 400, body: { errorCode: 'invalid_body' } })
    expect(answer.body.message).toContain(`options/${name}`)
  }
  expect((await get(id)).options).toMatchObject(options)
  expect((await patch(id, { options: { passwordPolicy: null } })).status).toBe(200)
})
