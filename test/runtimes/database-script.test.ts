import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Bundle, bundle } from '../../build/bundle.ts'
import { findEntryPoints } from '../../build/entry-points.ts'
import {
  type Answer,
  json,
  type LegacyServer,
  problem,
  startLegacyServer,
} from './legacy-server.ts'
import { overhear, personal } from './overheard.ts'
import { config, legacyUser } from './post-login.ts'

/** As Auth0 has it, so that an `instanceof` is not what a test rests on. */
class WrongUsernameOrPasswordError extends Error {
  readonly user: string

  constructor(user: string, message: string) {
    super(message)
    this.user = user
  }
}

let server: LegacyServer
let lines: string[]
let bundles: ReadonlyMap<string, string>

beforeAll(async () => {
  server = await startLegacyServer()
  bundles = new Map([
    ...(await bundled('short', 700)),
    // As it is published: for what has to hold on a busy machine.
    ...(await bundled('long', 8_000)),
  ])
})
afterAll(() => server.close())
beforeEach(() => {
  server.reset()
  server.api = () => json(legacyUser)
  lines = []
})

async function bundled(patience: string, budget: number): Promise<readonly [string, string][]> {
  const scripts = findEntryPoints('.', 'legacy-users').filter(({ kind }) => kind !== 'action')
  const made = await Promise.all(
    scripts.map((entry) => bundle(process.cwd(), entry, { ...config, scripts: { budget } })),
  )
  return made.map((one) => {
    const { entry, code }: Bundle = 'bundle' in one ? one.bundle : expect.fail()
    return [`${patience} ${entry.source.slice('databases/legacy-users/'.length)}`, code]
  })
}

interface Surroundings {
  /** How long the script waits for answers: 700 ms, or the 8 s of the default. */
  readonly patience?: 'short' | 'long'
  readonly configuration?: object
  /** What outlives a call. */
  readonly global?: object
  readonly WrongUsernameOrPasswordError?: unknown
}

/** Calls a script as its text, in the scope that Auth0 gives it, and waits for what it says. */
async function call(
  name: string,
  args: readonly unknown[],
  { patience = 'short', ...surroundings }: Surroundings = {},
) {
  const scope = {
    configuration: configuration(),
    global: {},
    WrongUsernameOrPasswordError,
    console: {
      log(line: string) {
        lines.push(line)
        overhear('log', line)
      },
    },
    ...surroundings,
  }
  const code = `return (${bundles.get(`${patience} ${name}.ts`)}\n)`
  const script = new Function(...Object.keys(scope), code)(...Object.values(scope))
  const replies: [error: Error | null, profile?: Record<string, unknown> | null][] = []
  await new Promise<void>((resolve) => {
    script(...args, (...reply: (typeof replies)[number]) => {
      replies.push(reply)
      resolve()
    })
  })
  // A second call would come in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(replies).toHaveLength(1)
  const [[error, profile] = [null]] = replies
  if (error) overhear('error', error.message)
  return { error, profile: profile ?? null }
}

function configuration(overrides: object = {}) {
  return {
    LEGACY_API_URL: server.url,
    LEGACY_API_AUDIENCE: 'https://legacy-api.example',
    LEGACY_TOKEN_URL: `${server.url}/oauth/token`,
    LEGACY_SCRIPTS_CLIENT_ID: 'scripts-client',
    LEGACY_SCRIPTS_CLIENT_SECRET: personal.secret,
    ...overrides,
  }
}

const login = (surroundings?: Surroundings) =>
  call('login', [personal.email, personal.password], surroundings)
const getUser = (surroundings?: Surroundings) => call('get_user', [personal.email], surroundings)
const calls = { login, get_user: getUser }
const told = () => lines.map((line) => JSON.parse(line))

test('login, get_user: one and the same profile, with the stamp that says the metadata arrived', async () => {
  const arrived = { legacy_id: '1042', backfill: 'arrived', backfilled_at: expect.any(String) }
  const expected = {
    error: null,
    profile: {
      user_id: 'legacy-users|1042',
      email: personal.email,
      email_verified: true,
      app_metadata: { plan: personal.profile, legacy_migration: arrived },
      user_metadata: { locale: 'cy' },
    },
  }
  expect([await login(), await getUser()]).toEqual([expected, expected])
  expect(lines).toEqual([])
})

test('login: sends identifier and password in the body, once', async () => {
  await call('login', ['ADA@Example.com', personal.password])
  expect(server.apiRequests()).toMatchObject([
    { method: 'POST', path: '/v1/users/authenticate', authorization: 'Bearer token-1' },
  ])
  expect(JSON.parse(server.apiRequests()[0]?.body ?? '')).toEqual({
    identifier: 'ada@example.com',
    password: personal.password,
  })
})

test('login, get_user: the callback is the last argument, with a context before it too', async () => {
  const context = { organization: { id: 'org_1' } }
  const first = await call('login', [personal.email, personal.password, context])
  const second = await call('get_user', [personal.email, context])
  expect([first.profile?.email, second.profile?.email]).toEqual([personal.email, personal.email])
})

test('login: a wrong password is Auth0’s own error, costs no second token and is sent once', async () => {
  server.api = () => problem('invalid-credentials', 401)
  const { error } = await login()
  expect(error).toBeInstanceOf(WrongUsernameOrPasswordError)
  expect(error).toMatchObject({ user: personal.email, message: 'Wrong username or password.' })
  expect([server.tokenRequests(), server.apiRequests().length, lines]).toEqual([1, 1, []])
})

test('login: the password is sent again after a token gone bad, and after nothing else', async () => {
  const refuse = (answer: Answer) => {
    server.reset()
    server.api = ({ authorization }) =>
      authorization === 'Bearer token-1' ? answer : json(legacyUser)
  }
  refuse({ status: 401 })
  expect((await login()).profile).not.toBe(null)
  expect(server.apiRequests()).toHaveLength(2)
  for (const answer of [
    { status: 500 },
    { status: 429 },
    { status: 403 },
    'cut',
    'hang',
  ] as const) {
    refuse(answer)
    expect((await login()).error).toBeInstanceOf(Error)
    expect(server.apiRequests()).toHaveLength(1)
  }
})

test('login: a token endpoint that stumbles turns nobody away, and the password is sent once', async () => {
  server.token = (count) => (count < 3 ? { status: 503 } : json({ access_token: 'token-1' }))
  expect((await login()).profile).not.toBe(null)
  expect([server.tokenRequests(), server.apiRequests().length]).toEqual([3, 1])
})

test('get_user: what may pass is asked for again', async () => {
  server.api = () => (server.apiRequests().length < 3 ? { status: 503 } : json(legacyUser))
  expect((await getUser()).profile).not.toBe(null)
  expect(server.apiRequests()).toHaveLength(3)
})

test('get_user: nobody of that address is no error', async () => {
  server.api = () => problem('user-not-found', 404)
  expect(await getUser()).toEqual({ error: null, profile: null })
})

test('login, get_user: a migrated user does not come back from the old store', async () => {
  server.api = () => json({ ...legacyUser, migrated_at: '2026-11-22T10:00:00Z' })
  expect((await login()).error).toBeInstanceOf(WrongUsernameOrPasswordError)
  expect(await getUser()).toEqual({ error: null, profile: null })
})

/** Made once: while it is made, nobody is answered. */
const huge = json({ ...legacyUser, a: 'x'.repeat(10_000_000) })

const refusals: [why: string, answer: () => Answer, code: string][] = [
  ['a blocked user', () => json({ ...legacyUser, blocked: true }), 'legacy_user_blocked'],
  ['an address of two users', () => problem('ambiguous', 409), 'legacy_user_ambiguous'],
  ['a user without an address', () => json({ ...legacyUser, email: '' }), 'legacy_user_unusable'],
  [
    'somebody else',
    () => json({ ...legacyUser, email: 'eve@example.com' }),
    'legacy_api_invalid_response',
  ],
  [
    'somebody else, who has migrated',
    () => json({ ...legacyUser, email: 'eve@example.com', migrated_at: '2026-11-22T10:00:00Z' }),
    'legacy_api_invalid_response',
  ],
  ['MFA', () => json({ ...legacyUser, mfa_required: true }), 'legacy_user_needs_mfa'],
  ['a gateway’s 404', () => ({ status: 404, type: 'text/html' }), 'legacy_api_unavailable'],
  ['too many tries', () => ({ status: 429 }), 'legacy_api_unavailable'],
  [
    'HTML with 200',
    () => ({ status: 200, type: 'text/html', body: '<p>' }),
    'legacy_api_invalid_response',
  ],
  ['10 MB', () => huge, 'legacy_api_invalid_response'],
  ['a redirect', () => ({ status: 307, location: '/v1/users/lookup' }), 'legacy_api_unavailable'],
  ['silence', () => 'hang', 'legacy_api_unavailable'],
]

for (const [name, run] of Object.entries(calls)) {
  for (const [why, answer, code] of refusals) {
    test(`${name}: ${why} is an error of the code ${code}, told once, quoting nothing`, async () => {
      server.api = answer
      const { error, profile } = await run()
      expect([error?.message, profile]).toEqual([
        `The legacy user store gave no usable answer (${code}).`,
        null,
      ])
      expect(error).not.toBeInstanceOf(WrongUsernameOrPasswordError)
      expect(told()).toMatchObject([{ code, action: name }])
    })
  }

  test(`${name}: names every setting that is missing, in one line`, async () => {
    const { error } = await run({ configuration: { MIGRATION_PHASE: 'lazily' } })
    const settings = ['LEGACY_API_URL', 'LEGACY_API_AUDIENCE', 'LEGACY_TOKEN_URL']
    expect(error?.message).toContain('setting_missing')
    expect(told()).toEqual([
      {
        code: 'setting_missing',
        action: name,
        settings: [...settings, 'LEGACY_SCRIPTS_CLIENT_ID', 'LEGACY_SCRIPTS_CLIENT_SECRET'],
      },
    ])
    expect(server.seen).toEqual([])
  })

  test(`${name}: when complete, answers as the no-op form does, and calls nobody`, async () => {
    const complete = { configuration: configuration({ MIGRATION_PHASE: 'complete' }) }
    expect(await run(complete)).toEqual(await call(`no-op/${name}`, ['a', 'b']))
    expect([await run(complete), server.seen, lines]).toEqual([
      { error: null, profile: null },
      [],
      [],
    ])
  })

  test(`${name}: goes on when the Actions are off, and in a phase nobody knows, which it names`, async () => {
    expect(
      (await run({ configuration: configuration({ MIGRATION_PHASE: 'off' }) })).profile,
    ).not.toBe(null)
    expect(lines).toEqual([])
    expect(
      (await run({ configuration: configuration({ MIGRATION_PHASE: 'on' }) })).profile,
    ).not.toBe(null)
    expect(told()).toEqual([
      { code: 'setting_invalid', action: name, settings: ['MIGRATION_PHASE'] },
    ])
  })

  // On a busy machine timers are late; a budget that is passed is passed each time.
  test(`${name}: one that never gets an answer ends within its budget`, { retry: 3 }, async () => {
    server.api = () => 'hang'
    const start = performance.now()
    await run()
    expect(performance.now() - start).toBeLessThan(770 + 20)
  })

  test(`${name}: metadata that stay behind for their size are told, and the user gets in`, async () => {
    server.api = () => json({ ...legacyUser, user_metadata: { a: 'x'.repeat(11_000) } })
    const { profile } = await run()
    expect(profile?.app_metadata).toMatchObject({ legacy_migration: { backfill: 'too-large' } })
    expect(told()).toEqual([{ code: 'profile_too_large', action: name }])
  })

  test(`${name}: a scope without configuration is an error, told by its code`, async () => {
    const { error } = await run({ configuration: undefined as never })
    expect(error?.message).toContain('unexpected_error')
    expect(told()).toEqual([{ code: 'unexpected_error', action: name }])
  })
}

test('login: calls back also where Auth0’s error is not there to be made', async () => {
  server.api = () => problem('invalid-credentials', 401)
  const { error } = await login({ WrongUsernameOrPasswordError: undefined })
  expect(error?.message).toContain('unexpected_error')
})

test('login, get_user: fifty calls that share `global` ask for one token', async () => {
  server.token = () => ({ ...Object(json({ access_token: 'token-1' })), delay: 50 })
  const shared = { global: {}, patience: 'long' } as const
  const runs = Array.from({ length: 50 }, (_, index) =>
    index % 2 ? login(shared) : getUser(shared),
  )
  const results = await Promise.all(runs)
  expect(results.every(({ profile }) => profile !== null)).toBe(true)
  expect([server.tokenRequests(), server.apiRequests().length]).toEqual([1, 50])
})

for (const [name, run] of Object.entries(calls)) {
  test(`${name}: an API that is gone is an error at once after three calls, never “no such user”`, async () => {
    server.api = () => ({ status: 503 })
    const container = { global: {} }
    for (let count = 0; count < 3; count += 1) await run(container)
    const asked = server.apiRequests().length
    lines.length = 0
    const { error, profile } = await run(container)
    expect([error?.message, profile]).toEqual([
      'The legacy user store gave no usable answer (legacy_api_circuit_open).',
      null,
    ])
    expect(error).not.toBeInstanceOf(WrongUsernameOrPasswordError)
    expect(server.apiRequests()).toHaveLength(asked)
    expect(told()).toEqual([{ code: 'legacy_api_circuit_open', action: name }])
  })

  test(`${name}: a minute after, one call tries, and lets everybody in again`, async () => {
    server.api = () => ({ status: 503 })
    const container = { global: {} }
    for (let count = 0; count < 3; count += 1) await run(container)
    const [memory] = Object.values(container.global) as { openUntil?: number }[]
    expect(memory?.openUntil).toBeGreaterThan(Date.now() + 50_000)
    Object.assign(memory ?? {}, { openUntil: Date.now() })
    server.api = () => json(legacyUser)
    expect((await run(container)).profile).not.toBe(null)
    expect((await run(container)).profile).not.toBe(null)
  })

  test(`${name}: an identifier that the API trips over locks nobody else out`, async () => {
    const container = { global: {} }
    for (const answer of [{ status: 500 }, { status: 429 }, json({ ...legacyUser, email: 7 })]) {
      server.api = () => answer
      for (let count = 0; count < 4; count += 1) await run(container)
    }
    server.api = () => json(legacyUser)
    expect((await run(container)).profile).not.toBe(null)
  })
}
