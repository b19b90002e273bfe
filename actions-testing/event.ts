import { deepMerge, type Overrides } from './deep-merge.ts'
import { familyNames, givenNames, places } from './event-samples.ts'
import { pick, type Random, randomId, randomInteger, seededRandom } from './seeded-random.ts'
import type { Identity } from './types/post-login/user.ts'
import type { Event } from './types/post-login/v3.ts'

export interface EventOptions {
  /** Same seed, same event. Default 1. */
  readonly seed?: number
  /** Milliseconds since the Unix epoch at which the login happens. Default 2026-01-15T09:30:00Z. */
  readonly now?: number
}

export const defaultSeed = 1
const defaultNow = Date.UTC(2026, 0, 15, 9, 30)
const day = 24 * 60 * 60 * 1000
const connection = 'legacy-users'

/**
 * The event of one login, as Auth0 sends it: a database user of the connection `legacy-users` with
 * authorization code and PKCE, who asks for no API. Fresh objects at each call.
 *
 * When `user.user_id` or `connection.name` is overridden and `user.identities` is not, the identity
 * follows.
 *
 * @param overrides Laid over it, member by member; `undefined` takes a member out.
 */
export function createPostLoginEvent(
  overrides: Overrides<Event> = {},
  { seed = defaultSeed, now = defaultNow }: EventOptions = {},
): Event {
  const random = seededRandom(seed)
  const context = baseContext(random)
  const base = {
    ...context,
    ...baseRequest(random, now, context.client.client_id),
    user: baseUser(random, now),
  }
  const event = deepMerge<Event>(base, overrides)
  const given = event.user === null || overrides.user?.identities !== undefined
  const identities = given ? null : [identityOf(event)]
  return rememberSeed(
    identities === null ? event : { ...event, user: { ...event.user, identities } },
    seed,
  )
}

const seeds = new WeakMap<object, number>()

/** Notes what an event was made from, for the message of a test that fails. */
export function rememberSeed<OneEvent extends object>(
  event: OneEvent,
  seed: number | null,
): OneEvent {
  if (seed !== null) seeds.set(event, seed)
  return event
}

/** The seed that `createPostLoginEvent` and its like made this very object from; else null. */
export function seedOf(event: object): number | null {
  return seeds.get(event) ?? null
}

function identityOf({ connection, user }: Event): Identity {
  // Overrides may be of any kind in a test in JavaScript: `runAction` says what is wrong with them.
  const [provider = '', ...id] = String(user.user_id).split('|')
  return { connection: connection.name, isSocial: false, provider, user_id: id.join('|') }
}

function baseContext(random: Random) {
  return {
    client: { client_id: randomId(random, 32), metadata: {}, name: 'Sample application' },
    connection: {
      id: `con_${randomId(random, 16)}`,
      metadata: {},
      name: connection,
      strategy: 'auth0',
    },
    // https://auth0.com/docs/customize/experiment-center/integrations/actions-integration-guide
    experiment: null,
    secrets: {},
    stats: { logins_count: randomInteger(random, 1, 40) },
    tenant: { id: 'example-tenant' },
  }
}

function baseRequest(random: Random, now: number, clientId: string) {
  const redirectUri = 'https://app.example.com/callback'
  const state = randomId(random, 24)
  const scope = 'openid profile email'
  return {
    authentication: { methods: [{ name: 'pwd', timestamp: new Date(now).toISOString() }] },
    authorization: { roles: [] },
    request: {
      asn: String(randomInteger(random, 1000, 60_000)),
      body: {},
      geoip: { ...pick(random, places) },
      hostname: 'example-tenant.eu.auth0.com',
      // https://www.rfc-editor.org/rfc/rfc5737: an address of nobody.
      ip: `203.0.113.${randomInteger(random, 1, 254)}`,
      language: 'en',
      method: 'GET',
      query: { client_id: clientId, ...baseQuery(random, redirectUri, scope, state) },
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
    session: { id: randomId(random, 32) },
    transaction: {
      acr_values: [],
      id: randomId(random, 24),
      locale: 'en',
      metadata: {},
      prompt: [],
      protocol: 'oidc-basic-profile' as const,
      redirect_uri: redirectUri,
      requested_scopes: scope.split(' '),
      response_mode: 'query' as const,
      response_type: ['code'],
      state,
      ui_locales: [],
    },
  }
}

function baseQuery(random: Random, redirectUri: string, scope: string, state: string) {
  return {
    code_challenge: randomId(random, 43),
    code_challenge_method: 'S256',
    redirect_uri: redirectUri,
    response_type: 'code',
    scope,
    state,
  }
}

function baseUser(random: Random, now: number) {
  const given = pick(random, givenNames)
  const family = pick(random, familyNames)
  const legacyId = randomInteger(random, 1000, 999_999)
  const created = now - randomInteger(random, 1, 400) * day
  return {
    app_metadata: {},
    created_at: new Date(created).toISOString(),
    email: `user-${legacyId}@example.com`,
    email_verified: true,
    family_name: family,
    given_name: given,
    identities: [],
    multifactor: [],
    name: `${given} ${family}`,
    nickname: `user-${legacyId}`,
    picture: 'https://cdn.auth0.com/avatars/us.png',
    updated_at: new Date(now).toISOString(),
    user_id: `auth0|${connection}|${legacyId}`,
    user_metadata: {},
  }
}
