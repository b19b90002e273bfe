import { expect, test } from 'vitest'
import { givenOldTenant, instance, world } from './given-old-tenant.ts'
import { answerTokens, failed, refusal } from './login-answers.ts'
import { addOldUser } from './old-users.ts'
import type { Answers, Asked } from './world.ts'

givenOldTenant()

const outages: readonly [why: string, answers: Answers, code: string, more: object][] = [
  ['the rate limit', refusal(429, 'too_many_requests'), 'legacy_api_unavailable', { status: 429 }],
  ['500', refusal(500, 'server_error'), 'legacy_api_unavailable', { status: 500 }],
  [
    '503 in HTML',
    answerTokens(() => new Response('<p>', { status: 503 })),
    'legacy_api_unavailable',
    { status: 503 },
  ],
  [
    'a server error that says invalid_grant',
    refusal(502, 'invalid_grant'),
    'legacy_api_unavailable',
    { status: 502 },
  ],
  [
    'a connection that breaks',
    () => {
      throw new Error('ECONNRESET')
    },
    'legacy_api_unavailable',
    {},
  ],
  [
    'an Action there that denies',
    refusal(403, 'access_denied'),
    'old_tenant_denied',
    { status: 403 },
  ],
  [
    'a Rule there that denies',
    refusal(401, 'unauthorized', 'Not you.'),
    'old_tenant_denied',
    { status: 401 },
  ],
  ['a suspected bot', refusal(401, 'requires_verification'), 'old_tenant_denied', { status: 401 }],
  [
    'an Action there that redirects',
    refusal(403, 'interaction_required'),
    'old_tenant_denied',
    { status: 403 },
  ],
  ['consent', refusal(403, 'consent_required'), 'old_tenant_denied', { status: 403 }],
  ['an error of a newer day', refusal(401, 'of_2031'), 'old_tenant_denied', { status: 401 }],
  [
    'a gateway that refuses',
    answerTokens(() => new Response('<p>', { status: 403 })),
    'legacy_api_unavailable',
    { status: 403 },
  ],
  [
    'success without an ID token',
    answerTokens(() => Response.json({ access_token: 'x' })),
    'id_token_invalid',
    { status: 200 },
  ],
  [
    'an answer without an end',
    answerTokens(() => Response.json({ id_token: 'x'.repeat(300_000) })),
    'id_token_invalid',
    { status: 200 },
  ],
  ['a redirect', refusal(302, 'invalid_grant'), 'legacy_api_unavailable', { status: 302 }],
  [
    'a limit that says invalid_grant',
    refusal(429, 'invalid_grant'),
    'legacy_api_unavailable',
    { status: 429 },
  ],
  ['success in HTML', answerTokens(() => new Response('<p>')), 'id_token_invalid', { status: 200 }],
]

test.each(outages)(
  'old tenant, login: %s is no wrong password, and is asked once',
  async (_, answers, code, more) => {
    world.answers = answers
    expect(await instance.login('a@example.com', 'x')).toEqual(failed(code, more))
    expect(world.asked.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  },
)

test('old tenant, login, get_user: an old tenant that is silent costs the budget and no more', async () => {
  const hasty = await world.anew({ scripts: { budget: 400 } })
  world.answers = () => new Promise(() => {})
  for (const call of [
    () => hasty.login('a@example.com', 'x'),
    () => hasty.getUser('a@example.com'),
  ]) {
    const began = performance.now()
    expect((await call()).log).toMatchObject([{ code: expect.stringMatching(/_unavailable$/) }])
    // Loaded machines are late; without a budget it would be 20 s.
    expect(performance.now() - began).toBeLessThan(4_000)
  }
})

/** A body that comes byte by byte, and never to its end; as `fetch` has it, it ends with the signal. */
function drip({ signal }: Asked): Response {
  const body = new ReadableStream({
    start(stream) {
      const timer = setInterval(() => stream.enqueue(new TextEncoder().encode(' ')), 20)
      signal?.addEventListener('abort', () => {
        clearInterval(timer)
        stream.error(signal.reason)
      })
    },
  })
  return new Response(body, { status: 200 })
}

test.each(['/oauth/token', '/.well-known/jwks.json', '/api/v2/users-by-email'])(
  'old tenant, login, get_user: an answer of %s that comes byte by byte costs the budget and no more',
  async (slow) => {
    const { email, password } = await addOldUser(world)
    const hasty = await world.anew({ scripts: { budget: 600 } })
    world.answers = (asked) => (asked.path.startsWith(slow) ? drip(asked) : undefined)
    const began = performance.now()
    const called = slow.startsWith('/api')
      ? await hasty.getUser(email)
      : await hasty.login(email, password)
    expect(called.log).toMatchObject([{ code: 'legacy_api_unavailable' }])
    expect(performance.now() - began).toBeLessThan(4_000)
  },
)

test('old tenant, login: three that find the old tenant gone are enough for a minute', async () => {
  world.answers = refusal(503, 'temporarily_unavailable')
  for (let count = 0; count < 3; count += 1) await instance.login('a@example.com', 'x')
  expect(await instance.login('a@example.com', 'x')).toEqual(failed('legacy_api_circuit_open'))
  expect(world.asked).toHaveLength(3)
})

test('old tenant, login: a Management API that is gone stops get_user for a minute, and no login', async () => {
  const { email, password } = await addOldUser(world)
  world.answers = ({ path }) =>
    path.startsWith('/api/v2/') ? new Response(null, { status: 503 }) : undefined
  for (let count = 0; count < 3; count += 1) await instance.getUser(email)
  expect((await instance.getUser(email)).log).toMatchObject([{ code: 'legacy_api_circuit_open' }])
  expect((await instance.login(email, password)).type).toBe('profile')
  // Nor does a grant that is missing, without which there is no token.
  const another = await world.anew()
  world.answers = ({ body, path }) =>
    path === '/oauth/token' && body.includes('client_credentials')
      ? new Response(null, { status: 403 })
      : undefined
  for (let count = 0; count < 4; count += 1) await another.getUser(email)
  expect((await another.login(email, password)).type).toBe('profile')
})

test('old tenant, login: while it finds the old tenant gone, get_user tells nobody that an address is free', async () => {
  world.answers = refusal(503, 'temporarily_unavailable')
  for (let count = 0; count < 3; count += 1) await instance.login('a@example.com', 'x')
  world.reset()
  expect(await instance.getUser('nobody@example.com')).toMatchObject({
    type: 'error',
    log: [{ code: 'legacy_api_circuit_open' }],
  })
  expect(world.asked).toEqual([])
})

test('old tenant, login: wrong passwords and blocked users open no circuit', async () => {
  const { email, password } = await addOldUser(world)
  for (let count = 0; count < 5; count += 1) await instance.login(email, 'wrong')
  world.answers = refusal(429, 'too_many_attempts')
  for (let count = 0; count < 5; count += 1) await instance.login(email, 'wrong')
  world.reset()
  expect((await instance.login(email, password)).type).toBe('profile')
})

// https://github.com/sharkiqlibs/sharkiq/issues/142 has the status.
test('old tenant, login: who is taken for a bot there, however often, stops nobody else', async () => {
  const { email, password } = await addOldUser(world)
  const suspected = refusal(
    401,
    'requires_verification',
    'Suspicious request requires verification',
  )
  world.answers = suspected
  for (let times = 0; times < 4; times += 1) {
    expect(await instance.login('bot@example.com', 'x')).toMatchObject({ type: 'error' })
  }
  world.answers = () => undefined
  expect((await instance.login(email, password)).type).toBe('profile')
  expect((await instance.getUser('free@example.com')).type).toBe('not-found')
})
