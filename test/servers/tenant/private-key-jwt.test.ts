import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT, UnsecuredJWT } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedTenant, startedTenant } from './started-tenant.ts'

const audience = 'https://orders.example/'
const keys = keyPair()
const otherKeys = keyPair()

let tenant: StartedTenant
let clock = Date.now()
let clientId: string
let secret: string
let credentialId: string

beforeAll(async () => {
  tenant = await startedTenant({ now: () => clock })
  await call('POST', '/resource-servers', { identifier: audience, scopes: [{ value: 'read:it' }] })
  const client = await call('POST', '/clients', machine('Machine'))
  clientId = client.client_id
  secret = client.client_secret
  await grantTo(clientId)
  credentialId = (await call('POST', `/clients/${clientId}/credentials`, credential(keys.pem))).id
  await call('PATCH', `/clients/${clientId}`, byKey(credentialId))
})
afterAll(() => tenant.close())

function keyPair(modulusLength = 2048) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return { privateKey, pem: publicKey.export({ format: 'pem', type: 'spki' }).toString() }
}

function machine(name: string) {
  return { name, app_type: 'non_interactive', grant_types: ['client_credentials'] }
}

function credential(pem: string, more: object = {}) {
  return { credential_type: 'public_key', name: 'one', pem, ...more }
}

function byKey(...ids: readonly string[]) {
  const credentials = ids.map((id) => ({ id }))
  return {
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials } },
  }
}

/** @returns The body; fails for what is no success. */
async function call(method: string, path: string, body?: object) {
  const answer = await tenant.call(method, path, body)
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
  return answer.body
}

async function refused(method: string, path: string, body: object): Promise<string> {
  const answer = await tenant.call(method, path, body)
  expect(answer.status).toBe(400)
  return answer.body.message
}

function grantTo(client_id: string) {
  return call('POST', '/client-grants', { client_id, audience, scope: ['read:it'] })
}

interface Assertion {
  readonly alg?: string
  readonly key?: KeyObject
  readonly kid?: string
}

let count = 0
const seconds = () => Math.floor(clock / 1000)

function claims(more: object = {}) {
  count += 1
  const now = seconds()
  const names = { iss: clientId, sub: clientId, aud: tenant.running.issuer }
  return { ...names, jti: `jti-${count}`, iat: now, exp: now + 60, ...more }
}

function sign(more: object = {}, { alg = 'RS256', key = keys.privateKey, kid }: Assertion = {}) {
  const header = { alg, ...(kid !== undefined && { kid }) }
  return new SignJWT(claims(more)).setProtectedHeader(header).sign(key)
}

async function ask(client_assertion: string, more: object = {}) {
  const { body, status } = await tenant.ask('POST', '/oauth/token', {
    grant_type: 'client_credentials',
    audience,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion,
    ...more,
  })
  return `${status} ${body.error ?? body.token_type}`
}

const given = '200 Bearer'
const denied = '401 access_denied'

test('private_key_jwt: openid-client gets a token by a key, unmodified', async () => {
  const { caCertificate, issuer } = tenant.running
  const { Agent, fetch } = await import('undici')
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  const send = (url: string, init: object) => fetch(url, { ...init, dispatcher })
  const key = await crypto.subtle.importKey(
    'pkcs8',
    keys.privateKey.export({ format: 'der', type: 'pkcs8' }),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const config = await oidc.discovery(
    new URL(issuer),
    clientId,
    undefined,
    oidc.PrivateKeyJwt(key),
    { [oidc.customFetch]: send as unknown as oidc.CustomFetch },
  )
  const tokens = await oidc.clientCredentialsGrant(config, { audience })
  expect(tokens.scope).toBe('read:it')
  await dispatcher.close()
})

test('private_key_jwt: with and without client_id and kid; by the credential’s algorithm alone', async () => {
  expect(await ask(await sign())).toBe(given)
  expect(await ask(await sign(), { client_id: clientId })).toBe(given)
  const [{ kid }] = await call('GET', `/clients/${clientId}/credentials`)
  expect(await ask(await sign({}, { kid }))).toBe(given)
  expect(await ask(await sign({}, { kid: 'another-key-id' }))).toBe(denied)
  expect(await ask(await sign({}, { alg: 'PS256' }))).toBe(denied)
})

test('private_key_jwt: an assertion is good for once, also at once and after a refusal', async () => {
  const assertion = await sign()
  const answers = await Promise.all([ask(assertion), ask(assertion), ask(assertion)])
  expect(answers.sort()).toEqual([given, denied, denied])
  expect(await ask(await sign({ jti: 'again' }))).toBe(given)
  expect(await ask(await sign({ jti: 'again', exp: seconds() + 70 }))).toBe(denied)
  const kept = tenant.running.tenant.activity.usedAssertions.size
  clock += 400_000
  expect(await ask(await sign())).toBe(given)
  expect(tenant.running.tenant.activity.usedAssertions.size).toBeLessThan(kept)
})

test('private_key_jwt: forged, foreign, unsigned or broken assertions are refused', async () => {
  expect(await ask(await sign({}, { key: otherKeys.privateKey }))).toBe(denied)
  expect(await ask(new UnsecuredJWT(claims()).encode())).toBe(denied)
  const [head = '', , tail = ''] = (await sign()).split('.')
  const changed = Buffer.from(JSON.stringify(claims({ sub: 'other' }))).toString('base64url')
  expect(await ask(`${head}.${changed}.${tail}`)).toBe(denied)
  const symmetric = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256' })
    .sign(Buffer.from(keys.pem))
  expect(await ask(symmetric)).toBe(denied)
  for (const text of ['', 'x', 'a.b.c']) expect(await ask(text), text).toBe(denied)
})

for (const [why, more] of [
  ['of another issuer', () => ({ iss: 'another' })],
  ['about another subject', () => ({ sub: 'another' })],
  ['for the token endpoint', () => ({ aud: `${tenant.running.issuer}oauth/token` })],
  ['for the issuer without its slash', () => ({ aud: tenant.running.issuer.slice(0, -1) })],
  ['for a list with the issuer in it', () => ({ aud: [tenant.running.issuer] })],
  ['for nobody', () => ({ aud: undefined })],
  ['that is over', () => ({ iat: seconds() - 60, exp: seconds() })],
  ['without an end', () => ({ exp: undefined })],
  ['without an id', () => ({ jti: undefined })],
  ['with an id of 65 characters', () => ({ jti: 'j'.repeat(65) })],
  ['that lives for 301 seconds', () => ({ exp: seconds() + 301 })],
  ['that lives for 301 seconds, without iat', () => ({ iat: undefined, exp: seconds() + 301 })],
  ['issued in 11 seconds', () => ({ iat: seconds() + 11 })],
  ['good in 11 seconds', () => ({ nbf: seconds() + 11 })],
  ['of more than 2048 bytes', () => ({ more: 'x'.repeat(2048) })],
] as const) {
  test(`private_key_jwt: an assertion ${why} is refused`, async () => {
    expect(await ask(await sign(more()))).toBe(denied)
  })
}

test('private_key_jwt: 300 seconds, and a clock that is 10 seconds ahead, pass', async () => {
  expect(await ask(await sign({ exp: seconds() + 300 }))).toBe(given)
  const ahead = { iat: seconds() + 10, nbf: seconds() + 10 }
  expect(await ask(await sign(ahead))).toBe(given)
})

test('private_key_jwt: whoever has a key has no secret any more, and nobody two proofs', async () => {
  const client = await call('GET', `/clients/${clientId}`)
  expect(client).not.toHaveProperty('client_secret')
  expect(client).not.toHaveProperty('token_endpoint_auth_method')
  const bySecret = { grant_type: 'client_credentials', audience, client_id: clientId }
  const { status } = await tenant.ask('POST', '/oauth/token', {
    ...bySecret,
    client_secret: secret,
  })
  expect(status).toBe(401)
  expect(await ask(await sign(), { client_secret: secret })).toBe('400 invalid_request')
  expect(await ask(await sign(), { client_assertion_type: 'jwt' })).toBe('400 invalid_request')
  expect(await ask(await sign(), { client_id: 'another' })).toBe(denied)
})

test('private_key_jwt: a key that is over, removed or not enabled proves nothing', async () => {
  const path = `/clients/${clientId}/credentials`
  const until = new Date(clock + 60_000).toISOString()
  const second = await call('POST', path, credential(otherKeys.pem, { expires_at: until }))
  const byOther = () => sign({}, { key: otherKeys.privateKey })
  expect(await ask(await byOther())).toBe(denied)
  await call('PATCH', `/clients/${clientId}`, byKey(credentialId, second.id))
  expect(await ask(await byOther())).toBe(given)
  expect(await refused('POST', path, credential(otherKeys.pem))).toContain('at most 2')
  clock += 60_000
  expect(await ask(await byOther())).toBe(denied)
  const later = { expires_at: new Date(clock + 60_000).toISOString() }
  expect(await call('PATCH', `${path}/${second.id}`, later)).toMatchObject(later)
  expect(await ask(await byOther())).toBe(given)
  expect((await tenant.call('DELETE', `${path}/${second.id}`)).status).toBe(204)
  expect(await ask(await byOther())).toBe(denied)
  expect((await tenant.call('GET', `${path}/${second.id}`)).status).toBe(404)
  expect(await ask(await sign())).toBe(given)
})

test('client credentials: shown without the key, by its thumbprint; what is no RSA key is refused', async () => {
  const [shown] = await call('GET', `/clients/${clientId}/credentials`)
  expect(shown).toMatchObject({ id: credentialId, alg: 'RS256', credential_type: 'public_key' })
  expect(shown.kid).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(shown)).not.toContain('BEGIN')
  expect(Object.keys(shown).sort()).toEqual(
    ['alg', 'created_at', 'credential_type', 'id', 'kid', 'name', 'updated_at'].sort(),
  )
  const path = `/clients/${clientId}/credentials`
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const secretly = otherKeys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  for (const pem of [
    'no key',
    keyPair(1024).pem,
    curve.export({ format: 'pem', type: 'spki' }).toString(),
    secretly,
  ]) {
    const message = await refused('POST', path, credential(pem))
    expect(message).toContain('property pem')
    expect(message).not.toContain(pem.slice(30, 60) || 'no key')
  }
  expect(await refused('POST', path, credential(otherKeys.pem, { kid: 'short' }))).toContain('kid')
  const past = { expires_at: '2020-01-01T00:00:00.000Z' }
  expect(await refused('POST', path, credential(otherKeys.pem, past))).toContain('expires_at')
})

test('applications: are made with a key, and a secret beside it or a key of another is refused', async () => {
  const credentials = [credential(otherKeys.pem)]
  const client_authentication_methods = { private_key_jwt: { credentials } }
  const body = { ...machine('Second'), client_authentication_methods }
  const second = await call('POST', '/clients', body)
  const listed = second.client_authentication_methods.private_key_jwt.credentials
  expect(listed).toEqual([{ id: expect.stringMatching(/^cred_/) }])
  await grantTo(second.client_id)
  const own = { iss: second.client_id, sub: second.client_id }
  expect(await ask(await sign(own, { key: otherKeys.privateKey }))).toBe(given)
  expect(await ask(await sign(own))).toBe(denied)
  const path = `/clients/${second.client_id}`
  const method = { token_endpoint_auth_method: 'client_secret_post' }
  expect(await refused('PATCH', path, method)).toContain('token_endpoint_auth_method')
  expect(await refused('PATCH', path, byKey(credentialId))).toContain('no such credential')
  const kept = tenant.running.tenant.state.others.get('client_credentials')?.size
  const broken = { private_key_jwt: { credentials: [...credentials, credential('no key')] } }
  await refused('POST', '/clients', { ...body, client_authentication_methods: broken })
  expect(tenant.running.tenant.state.others.get('client_credentials')?.size).toBe(kept)
  const back = await call('PATCH', path, { ...method, client_authentication_methods: null })
  expect(back).toMatchObject({ ...method, client_secret: expect.any(String) })
  expect(await ask(await sign(own, { key: otherKeys.privateKey }))).toBe(denied)
})
