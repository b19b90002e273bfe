import { exportPKCS8, exportSPKI, generateKeyPair, importSPKI, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { bundle } from '../../build/bundle.ts'
import { findEntryPoints } from '../../build/entry-points.ts'
import { actionsClient, clientProof } from '../../runtimes/private-key-jwt.ts'
import { startedTenant } from '../servers/tenant/started-tenant.ts'
import { json, type LegacyServer, startLegacyServer } from './legacy-server.ts'
import { personal } from './overheard.ts'
import { config, legacyUser } from './post-login.ts'

let server: LegacyServer
let pem: string
let publicKey: string
const code = new Map<string, string>()

beforeAll(async () => {
  server = await startLegacyServer()
  const pair = await generateKeyPair('RS256', { extractable: true })
  pem = await exportPKCS8(pair.privateKey)
  publicKey = await exportSPKI(pair.publicKey)
  for (const entry of findEntryPoints('.', 'legacy-users')) {
    const method = { ...config, clientAuthentication: 'private-key-jwt' } as const
    const made = await bundle(process.cwd(), entry, method)
    if (entry.published && 'bundle' in made) code.set(entry.name, made.bundle.code)
  }
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  server.api = () => json(legacyUser)
})

const settings = () => ({
  LEGACY_API_URL: server.url,
  LEGACY_API_AUDIENCE: 'https://legacy-api.example',
  LEGACY_TOKEN_URL: `${server.url}/oauth/token`,
})

async function logIn(key: string) {
  const secrets = {
    ...settings(),
    LEGACY_ACTIONS_CLIENT_ID: 'actions-client',
    LEGACY_ACTIONS_PRIVATE_KEY: key,
  }
  const name = 'backfill-metadata'
  const user = { user_id: 'auth0|legacy-users|1042', created_at: '2026-11-25T10:00:00Z' }
  const event = createPostLoginEvent({ user: { ...user, app_metadata: {}, user_metadata: {} } })
  const actions = [{ name, code: code.get(name) ?? '', secrets }]
  return createInProcessRuntime().runPostLogin({ actions, event })
}

const tokenRequest = () =>
  JSON.parse(server.seen.find(({ path }) => path === '/oauth/token')?.body ?? '{}')

const spellings: [how: string, spell: (key: string) => string][] = [
  ['as openssl writes it', (key) => key],
  ['with `\\n` for its line breaks', (key) => key.replaceAll('\n', '\\n')],
  ['with spaces for its line breaks', (key) => key.replaceAll('\n', ' ')],
  ['with line breaks of Windows', (key) => key.replaceAll('\n', '\r\n')],
]

for (const [how, spell] of spellings) {
  test(`private_key_jwt: a key ${how} signs one assertion, good for a minute and this tenant`, async () => {
    const { appMetadata } = await logIn(spell(pem))
    expect(appMetadata).toHaveProperty('plan')
    const body = tokenRequest()
    expect(body).toEqual({
      grant_type: 'client_credentials',
      client_id: 'actions-client',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
      audience: 'https://legacy-api.example',
    })
    const { payload, protectedHeader } = await jwtVerify(
      body.client_assertion,
      await importSPKI(publicKey, 'RS256'),
      { audience: `${server.url}/`, issuer: 'actions-client', subject: 'actions-client' },
    )
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' })
    expect(Number(payload.exp) - Number(payload.iat)).toBe(60)
    expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/)
  })
}

test('private_key_jwt: each token request has an assertion of its own', async () => {
  await logIn(pem)
  const first = tokenRequest().client_assertion
  server.reset()
  server.api = () => json(legacyUser)
  await logIn(pem)
  expect(tokenRequest().client_assertion).not.toBe(first)
})

test('private_key_jwt: the scripts prove themselves by their own key', async () => {
  const { outcome } = await createInProcessRuntime().runDatabaseScript({
    script: 'login',
    code: code.get('login') ?? '',
    args: [personal.email, personal.password],
    configuration: {
      ...settings(),
      LEGACY_SCRIPTS_CLIENT_ID: 'scripts-client',
      LEGACY_SCRIPTS_PRIVATE_KEY: pem,
    },
  })
  expect(outcome.type).toBe('profile')
  expect(tokenRequest()).toMatchObject({ client_id: 'scripts-client' })
})

const unusable: [what: string, key: () => string][] = [
  ['text', () => 'a key, surely'],
  ['a public key', () => publicKey],
  ['half a key', () => pem.slice(0, pem.length / 2)],
]

for (const [what, key] of unusable) {
  test(`private_key_jwt: ${what} is a setting that is invalid, named, and not quoted`, async () => {
    const { appMetadata, denied, logs } = await logIn(key())
    expect([appMetadata, denied, server.seen]).toEqual([{}, null, []])
    expect(logs.map(({ text }) => JSON.parse(text))).toEqual([
      {
        code: 'setting_invalid',
        action: 'backfill-metadata',
        settings: ['LEGACY_ACTIONS_PRIVATE_KEY'],
      },
    ])
  })
}

test('clientProof: the audience is the tenant, whatever the path of its token endpoint', async () => {
  const proof = await clientProof(
    {
      ...{ apiUrl: 'https://legacy.example', audience: 'https://legacy-api.example' },
      ...{ tokenUrl: 'https://login.example:8443/oauth/token', clientId: 'c' },
      ...{ credential: pem, client: actionsClient },
    },
    Date.UTC(2026, 11, 1),
  )
  if ('code' in proof || !('client_assertion' in proof)) throw new Error('no assertion')
  const [, payload = ''] = proof.client_assertion.split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    aud: 'https://login.example:8443/',
    iat: Date.UTC(2026, 11, 1) / 1_000,
  })
})

test('clientProof: the stand-in tenant gives a token for it once, and none for another key’s', async () => {
  const tenant = await startedTenant()
  try {
    const audience = 'https://legacy-api.example'
    await tenant.call('POST', '/resource-servers', { identifier: audience, name: 'Legacy API' })
    const credential = { credential_type: 'public_key', alg: 'RS256', pem: publicKey }
    const { body: client } = await tenant.call('POST', '/clients', {
      ...{ name: 'Actions', app_type: 'non_interactive', grant_types: ['client_credentials'] },
      client_authentication_methods: { private_key_jwt: { credentials: [credential] } },
    })
    const { client_id } = client
    await tenant.call('POST', '/client-grants', { client_id, audience, scope: [] })
    const ask = async (key: string) => {
      const tokenUrl = `${tenant.running.issuer}oauth/token`
      const keyed = { credential: key, client: actionsClient }
      const asked = { apiUrl: server.url, audience, tokenUrl, clientId: client_id, ...keyed }
      const proof = await clientProof(asked, Date.now())
      return { client_id, audience, grant_type: 'client_credentials', ...proof }
    }
    const stranger = await generateKeyPair('RS256', { extractable: true })
    const right = await ask(pem)
    const send = async (body: object) => (await tenant.ask('POST', '/oauth/token', body)).status
    expect(await send(right)).toBe(200)
    expect(await send(right)).toBe(401)
    expect(await send(await ask(await exportPKCS8(stranger.privateKey)))).toBe(401)
  } finally {
    await tenant.close()
  }
})
