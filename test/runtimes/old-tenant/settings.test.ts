import { expect, test } from 'vitest'
import { interrupted } from '../flow.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { addOldUser } from './old-users.ts'
import { migration } from './world.ts'

givenOldTenant()

type Settings = Readonly<Record<string, string>>
type Step = readonly [name: string, run: (settings: Settings) => Promise<readonly object[]>]

const steps: readonly Step[] = [
  ['login', async (settings) => (await instance.login('a@example.com', 'x', settings)).log],
  ['get_user', async (settings) => (await instance.getUser('a@example.com', settings)).log],
  [
    'backfill-metadata',
    async (settings) => (await instance.actions(interrupted('1'), settings)).log,
  ],
]
const names = [
  'OLD_TENANT_DOMAIN',
  'OLD_TENANT_CLIENT_ID',
  'OLD_TENANT_CLIENT_SECRET',
  'OLD_TENANT_CONNECTION',
]

for (const [action, run] of steps) {
  test(`old tenant, ${action}: names every setting that is missing, in one line, and asks nobody`, async () => {
    const unset = Object.fromEntries(names.map((name) => [name, `##${name}##`]))
    expect(await run(unset)).toEqual([{ code: 'setting_missing', action, settings: names }])
    expect(world.asked).toEqual([])
  })

  // Among them letters that only look like those of a domain, and a full stop that a URL takes for a dot.
  const noDomains = [
    ...['https://old.example', 'old.example/', 'old.example?x', 'user@old.example', 'a b'],
    ...['user:word@old.example', 'http://old.example', 'old.example/api', 'old.example:99999'],
    ...['old.examp\u04cfe', 'old\u3002example', 'old.example\uff0fapi', 'old.example.', '..', '-'],
  ]
  test.each(noDomains)(
    `old tenant, ${action}: a domain such as %s is no domain`,
    async (domain) => {
      const settings = ['OLD_TENANT_DOMAIN']
      expect(await run({ OLD_TENANT_DOMAIN: domain })).toEqual([
        { code: 'setting_invalid', action, settings },
      ])
      expect(world.asked).toEqual([])
    },
  )

  test.each([
    ['an application that the old tenant does not have', { OLD_TENANT_CLIENT_ID: 'unknown' }],
    ['another secret', { OLD_TENANT_CLIENT_SECRET: 'another' }],
  ])(`old tenant, ${action}: %s is named by its settings`, async (_, settings) => {
    expect(await run(settings)).toEqual([
      {
        code: 'setting_invalid',
        action,
        settings: ['OLD_TENANT_CLIENT_ID', 'OLD_TENANT_CLIENT_SECRET'],
      },
    ])
  })

  test(`old tenant, ${action}: without the grant it says that the grant is missing`, async () => {
    const { clientGrants, clients } = world.old.tenant.state
    const client = clients.get(migration.client_id) ?? expect.fail()
    const grants = [...clientGrants].filter(([, grant]) => grant.client_id === migration.client_id)
    for (const [id] of grants) clientGrants.delete(id)
    clients.set(client.client_id, { ...client, grant_types: [] })
    try {
      expect(await run({})).toEqual([{ code: 'old_tenant_grant_missing', action, status: 403 }])
      // The grant type is there, and the client grant is not: a login asks for no token.
      clients.set(client.client_id, client)
      const log = await (await world.anew()).getUser('a@example.com')
      expect(log.log).toMatchObject([{ code: 'old_tenant_grant_missing' }])
    } finally {
      clients.set(client.client_id, client)
      for (const [id, grant] of grants) clientGrants.set(id, grant)
    }
  })
}

test('old tenant, get_user: a token without the scope is a grant that is missing', async () => {
  const { clientGrants } = world.old.tenant.state
  const [[id, grant] = expect.fail()] = [...clientGrants].filter(
    ([, one]) => one.client_id === migration.client_id,
  )
  clientGrants.set(id, { ...grant, scope: ['update:users_app_metadata'] })
  try {
    const { log } = await instance.getUser('a@example.com')
    expect(log).toEqual([{ code: 'old_tenant_grant_missing', action: 'get_user', status: 403 }])
  } finally {
    clientGrants.set(id, grant)
  }
})

const misnamed = { OLD_TENANT_CONNECTION: 'Username-Pasword-Authentication' }

test('old tenant, login: a connection that is misnamed is named', async () => {
  const { email, password } = await addOldUser(world)
  expect((await instance.login(email, password, misnamed)).log).toEqual([
    { code: 'setting_invalid', action: 'login', settings: ['OLD_TENANT_CONNECTION'] },
  ])
})

test('old tenant, get_user: a connection that is misnamed lets nobody have a taken address', async () => {
  const { email } = await addOldUser(world)
  expect(await instance.getUser(email, misnamed)).toMatchObject({
    type: 'error',
    log: [{ code: 'setting_invalid', action: 'get_user', settings: ['OLD_TENANT_CONNECTION'] }],
  })
})

test('old tenant, get_user: whether there is the connection is asked for few addresses', async () => {
  const other = await addOldUser(world, { database: 'others' })
  await addOldUser(world)
  expect((await instance.getUser(other.email)).type).toBe('not-found')
  const searches = () => world.asked.filter(({ path }) => path.includes('identities.connection'))
  expect(searches()).toHaveLength(1)
  await instance.getUser('nobody@example.com')
  expect(searches()).toHaveLength(1)
})

test('old tenant, get_user: what cannot be found out about the connection is an error', async () => {
  const other = await addOldUser(world, { database: 'others' })
  world.answers = ({ path }) =>
    path.includes('identities.connection') ? new Response(null, { status: 503 }) : undefined
  expect((await instance.getUser(other.email)).log).toMatchObject([
    { code: 'legacy_api_unavailable' },
  ])
})
