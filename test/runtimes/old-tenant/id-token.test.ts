import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JSONWebKeySet,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Outage } from '../../../core/legacy-answer.ts'
import { handOverClaim } from '../../../core/old-tenant-user.ts'
import { type KeyMemory, verifyIdToken } from '../../../runtimes/verify-id-token.ts'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { migration } from './world.ts'

interface Key {
  readonly sign: (claims: JWTPayload, header?: object) => Promise<string>
  readonly jwk: JSONWebKeySet['keys'][number]
  readonly pem: string
}

givenOldTenant()

let own: Key
let foreign: Key
/** What the old tenant answers: a token, and the keys that it shows. */
let issued: () => string | Promise<string>
let shown: readonly JSONWebKeySet['keys'][number][]

beforeAll(async () => {
  own = await newKey('one')
  foreign = await newKey('one')
})
afterEach(() => {
  vi.unstubAllGlobals()
})
beforeEach(() => {
  shown = [own.jwk]
  issued = () => own.sign(claims())
  world.answers = ({ path }) => {
    if (path === '/.well-known/jwks.json') return Response.json({ keys: shown })
    if (path !== '/oauth/token') return undefined
    return Promise.resolve(issued()).then((id_token) => Response.json({ id_token }))
  }
})

async function newKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig' },
    pem: await exportSPKI(publicKey),
    sign: (payload, header = {}) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...header }).sign(privateKey),
  }
}

const seconds = () => Math.floor(Date.now() / 1_000)

function claims(overrides: JWTPayload = {}): JWTPayload {
  const user = {
    ...{ legacy_id: '1042', email: 'a@example.com', email_verified: true, blocked: false },
    ...{ app_metadata: {}, user_metadata: {}, migrated_at: null },
  }
  const times = { iat: seconds(), exp: seconds() + 60 }
  const parties = { iss: world.old.issuer, aud: 'migration', sub: 'auth0|1042' }
  return { ...parties, ...times, [handOverClaim]: user, ...overrides }
}

const logIn = () => instance.login('a@example.com', 'x')
const keyRequests = () => world.asked.filter(({ path }) => path.includes('jwks')).length

test('old tenant, ID token: one that is right lets in', async () => {
  expect((await logIn()).profile).toMatchObject({ user_id: '1042', email: 'a@example.com' })
})

const without = (name: string) => own.sign(claims({ [name]: undefined }))
const faults: readonly [why: string, token: () => string | Promise<string>, fault: string][] = [
  ['of another issuer', () => own.sign(claims({ iss: 'https://other.example/' })), 'iss'],
  [
    'of an issuer without its slash',
    () => own.sign(claims({ iss: world.old.issuer.slice(0, -1) })),
    'iss',
  ],
  ['for another application', () => own.sign(claims({ aud: 'app' })), 'aud'],
  ['for two, one of them ours', () => own.sign(claims({ aud: ['app', 'migration'] })), 'aud'],
  ['that another application has asked for', () => own.sign(claims({ azp: 'app' })), 'azp'],
  ['for an API', () => own.sign(claims({ aud: [`${world.old.issuer}api/v2/`] })), 'aud'],
  ['that is over', () => own.sign(claims({ exp: seconds() - 1 })), 'expired'],
  ['without an end', () => without('exp'), 'exp'],
  ['without a beginning', () => without('iat'), 'iat'],
  ['about nobody', () => without('sub'), 'sub'],
  ['by another key of the same id', () => foreign.sign(claims()), 'signature'],
  ['by a key that is not among the tenant’s', () => own.sign(claims(), { kid: 'two' }), 'key'],
  ['without a signature', () => new UnsecuredJWT(claims()).encode(), 'alg'],
  ['whose claims were changed', changed, 'signature'],
  ['signed by the public key as if it were a secret', () => bySecret(own.pem), 'alg'],
  ['signed by the application’s secret', () => bySecret(migration.client_secret), 'alg'],
  ['that is none', () => 'none', 'signature'],
]

/** The claims of another user behind the signature of this one. */
async function changed(): Promise<string> {
  const [header, , signature] = (await own.sign(claims())).split('.')
  const [, payload] = (await own.sign(claims({ sub: 'auth0|admin' }))).split('.')
  return [header, payload, signature].join('.')
}

function bySecret(secret: string): Promise<string> {
  const key = new TextEncoder().encode(secret)
  return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(key)
}

test.each(faults)(
  'old tenant, ID token: %s lets nobody in, and is told by its fault',
  async (_, token, fault) => {
    issued = token
    expect(await logIn()).toEqual({
      type: 'error',
      name: 'Error',
      message: 'The legacy user store gave no usable answer (id_token_invalid).',
      log: [{ code: 'id_token_invalid', action: 'login', fault }],
    })
  },
)

test('old tenant, ID token: keys are asked for once, and kept', async () => {
  for (let count = 0; count < 5; count += 1) await logIn()
  expect(keyRequests()).toBe(1)
})

test('old tenant, ID token: after the key was rotated, they are asked for once more', async () => {
  await logIn()
  const next = await newKey('two')
  shown = [own.jwk, next.jwk]
  issued = () => next.sign(claims())
  for (let count = 0; count < 3; count += 1) expect((await logIn()).type).toBe('profile')
  expect(keyRequests()).toBe(2)
})

test('old tenant, ID token: thirty logins at once after a rotation ask for keys once', async () => {
  await logIn()
  const next = await newKey('two')
  shown = [next.jwk]
  const token = await next.sign(claims())
  issued = () => token
  const all = await Promise.all(Array.from({ length: 30 }, logIn))
  expect(all.every(({ type }) => type === 'profile')).toBe(true)
  expect(keyRequests()).toBe(2)
})

test('old tenant, ID token: a key that was revoked there signs nobody in, once it is looked for', async () => {
  const next = await newKey('two')
  shown = [next.jwk]
  expect((await logIn()).log).toMatchObject([{ code: 'id_token_invalid', fault: 'key' }])
})

test('old tenant, ID token: without keys nobody gets in, and the next login asks again', async () => {
  const { answers } = world
  world.answers = (asked) =>
    asked.path.includes('jwks') ? new Response('<p>', { status: 404 }) : answers(asked)
  expect((await logIn()).log).toMatchObject([{ code: 'legacy_api_unavailable' }])
  world.answers = answers
  expect((await logIn()).type).toBe('profile')
})

test.each([
  ['keys that are none', () => Response.json({ keys: [1, null, 'key'] })],
  ['keys of no kind', () => Response.json({ keys: [{ kid: 'one' }] })],
  ['a redirect to other keys', () => Response.redirect('https://elsewhere.example/jwks', 302)],
  ['keys without an end', () => Response.json({ keys: [own.jwk], more: 'x'.repeat(300_000) })],
])('old tenant, ID token: %s are no keys, and are not kept', async (_, answer) => {
  const { answers } = world
  world.answers = (asked) => (asked.path.includes('jwks') ? answer() : answers(asked))
  expect((await logIn()).log).toMatchObject([{ code: 'legacy_api_unavailable' }])
  expect(world.asked.every(({ path }) => !path.includes('elsewhere'))).toBe(true)
  world.answers = answers
  expect((await logIn()).type).toBe('profile')
})

test('old tenant, ID token: a key that is nobody’s is looked for once, and not at every login', async () => {
  const next = await newKey('two')
  const token = await next.sign(claims())
  issued = () => token
  for (let count = 0; count < 5; count += 1) {
    expect((await logIn()).log).toMatchObject([{ code: 'id_token_invalid', fault: 'key' }])
  }
  expect(keyRequests()).toBe(1)
  // Whoever has a key that is known is not kept waiting.
  issued = () => own.sign(claims())
  expect((await logIn()).type).toBe('profile')
  expect(keyRequests()).toBe(1)
})

const settings = () => ({
  ...{ clientId: 'migration', tokenUrl: `${world.old.issuer}oauth/token`, apiUrl: '' },
  ...{ audience: '', credential: '', client: { id: '', credential: '' } },
})

test('old tenant, ID token: keys are looked at anew after an hour, so that one that was revoked ends', async () => {
  vi.stubGlobal('fetch', world.send)
  const memory: KeyMemory = {}
  const token = await own.sign(claims({ exp: seconds() + 7_200 }))
  const after = (minutes: number) => {
    const now = () => Date.now() + minutes * 60_000
    const attempts = { now, deadline: now() + 5_000, count: 1, first: 9 }
    return verifyIdToken(token, settings(), memory, attempts)
  }
  for (const minutes of [0, 30, 59]) expect(await after(minutes)).toHaveProperty('claims')
  expect(keyRequests()).toBe(1)
  shown = [{ ...foreign.jwk, kid: 'two' }]
  expect(await after(61)).toMatchObject({ code: 'id_token_invalid', fault: 'key' })
  expect(keyRequests()).toBe(2)
})

test('old tenant, ID token: keys of a domain that was set by mistake are not those of the right one', async () => {
  vi.stubGlobal('fetch', (url: string) =>
    Promise.resolve(Response.json({ keys: [url.includes('mistaken') ? foreign.jwk : own.jwk] })),
  )
  const memory: KeyMemory = {}
  const verified = (key: Key, iss: string) => {
    const attempts = { now: Date.now, deadline: Date.now() + 5_000, count: 1, first: 9 }
    const at = { ...settings(), tokenUrl: `${iss}oauth/token` }
    return key.sign(claims({ iss })).then((token) => verifyIdToken(token, at, memory, attempts))
  }
  expect(await verified(foreign, 'https://mistaken.example/')).toHaveProperty('claims')
  expect(await verified(own, 'https://right.example/')).toHaveProperty('claims')
  expect(await verified(foreign, 'https://right.example/')).toMatchObject({ fault: 'signature' })
})

test('old tenant, ID token: who has less time than the login that asks for keys waits no longer', async () => {
  vi.stubGlobal('fetch', world.send)
  world.answers = () => new Promise(() => {})
  const memory: KeyMemory = {}
  const token = await own.sign(claims())
  const ended: string[] = []
  const within = async (name: string, time: number) => {
    const attempts = { now: Date.now, deadline: Date.now() + time, count: 1, first: time }
    const { code } = (await verifyIdToken(token, settings(), memory, attempts)) as Outage
    ended.push(`${name}: ${code}`)
  }
  await Promise.all([within('one', 1_500), within('other', 50)])
  expect(ended).toEqual(['other: legacy_api_unavailable', 'one: legacy_api_unavailable'])
  expect(keyRequests()).toBe(1)
})

test('old tenant, ID token: wrong passwords, however many, ask for no keys', async () => {
  const { answers } = world
  world.answers = ({ path }) =>
    path === '/oauth/token'
      ? Response.json({ error: 'invalid_grant' }, { status: 403 })
      : expect.fail(path)
  for (let count = 0; count < 10; count += 1) {
    expect((await logIn()).name).toBe('WrongUsernameOrPasswordError')
  }
  expect(keyRequests()).toBe(0)
  world.answers = answers
})

test('old tenant, ID token: another shape of the user is no user', async () => {
  for (const user of [null, 'user', {}, { ...Object(claims()[handOverClaim]), blocked: 'no' }]) {
    issued = () => own.sign(claims({ [handOverClaim]: user }))
    expect((await logIn()).log).toMatchObject([{ code: 'legacy_api_invalid_response' }])
  }
})
