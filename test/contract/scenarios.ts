import { interrupted, type StoredUser } from '../runtimes/flow.ts'
import type { LegacyServer } from '../runtimes/legacy-server.ts'
import type { Login } from './editions.ts'

/** Logins of one user, one after the other, and what is wrong meanwhile. */
export interface Scenario {
  readonly title: string
  readonly user: StoredUser
  readonly logins: readonly Login[]
  /** What befalls the legacy API from the first login on. */
  readonly fault?: LegacyServer['api']
  /** The legacy user is marked for another Auth0 user. */
  readonly takenBy?: string
}

const audience = 'https://legacy-api.example'
const once: readonly Login[] = [{}]
const twice: readonly Login[] = [{}, {}]
const now = '2026-11-25T10:00:00.000Z'

const stamp = (overrides: object = {}) => ({
  legacy_migration: { legacy_id: '1042', backfilled_at: now, backfill: 'arrived', ...overrides },
})
const marked = { marked_at: now, mark: 'marked' }
const user = interrupted('1042')
const arrived = interrupted('1042', {
  app_metadata: { plan: 'gold', ...stamp() },
  user_metadata: { locale: 'cy' },
})
const done: StoredUser = { ...arrived, app_metadata: { plan: 'gold', ...stamp(marked) } }
const google = {
  connection: 'google-oauth2',
  provider: 'google-oauth2',
  user_id: '7',
  isSocial: true,
}
const before = { created_at: '2020-01-01T00:00:00.000Z' }

/** @see docs/rules.md for what is not here, because the platforms differ. */
export const scenarios: readonly Scenario[] = [
  { title: 'an ordinary first login is marked', user: arrived, logins: once },
  { title: 'an interrupted first login is filled and marked, once', user, logins: twice },
  { title: 'a user who is done costs nothing', user: done, logins: twice },
  {
    title: 'what Auth0 has wins over what the legacy store has',
    user: interrupted('1042', {
      app_metadata: { plan: 'silver' },
      user_metadata: { locale: 'en' },
    }),
    logins: once,
  },
  {
    title: 'one object alone is missing',
    user: { ...user, app_metadata: { plan: 'silver' } },
    logins: once,
  },
  {
    title: 'a user of before with metadata is left as they are',
    user: { ...user, ...before, app_metadata: { role: 'x' } },
    logins: twice,
  },
  { title: 'a user of before without any is filled', user: { ...user, ...before }, logins: twice },
  {
    title: 'a user who signed up is none of ours',
    user: {
      ...user,
      user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
      identities: [
        {
          connection: 'legacy-users',
          provider: 'auth0',
          user_id: '5f7c8ec7c33c6c004bbafe82',
          isSocial: false,
        },
      ],
    },
    logins: once,
  },
  {
    title: 'the same id in another connection is none of ours',
    user: {
      ...user,
      identities: [
        { connection: 'others', provider: 'auth0', user_id: 'legacy-users|1042', isSocial: false },
      ],
    },
    logins: once,
  },
  {
    title: 'a social user is none of ours',
    user: { ...user, user_id: 'google-oauth2|7', identities: [google] },
    logins: once,
  },
  {
    title: 'a legacy account linked to a social one is filled and marked',
    user: { ...user, user_id: 'google-oauth2|7', identities: [google, ...user.identities] },
    logins: twice,
  },
  { title: 'the legacy store does not know the user', user: interrupted('nobody'), logins: twice },
  { title: 'metadata that Auth0 cannot hold are left out', user: interrupted('odd'), logins: once },
  {
    title: 'metadata that are too large are not written',
    user: interrupted('large'),
    logins: twice,
  },
  {
    title: 'the user is marked for another',
    user: arrived,
    logins: twice,
    takenBy: 'auth0|another',
  },
  { title: 'an outage stamps nothing', user, logins: once, fault: () => ({ status: 503 }) },
  {
    title: 'a rate limit stamps nothing, and is asked about at every login',
    user,
    logins: [...twice, ...twice],
    fault: () => ({ status: 429 }),
  },
  {
    title: 'an outage of the mark keeps what was filled',
    user,
    logins: twice,
    fault: ({ method }) =>
      method === 'PUT'
        ? { status: 503 }
        : {
            status: 200,
            type: 'application/json',
            body: JSON.stringify({
              legacy_id: '1042',
              email: 'a@example.com',
              email_verified: true,
              app_metadata: { plan: 'gold' },
              user_metadata: {},
              migrated_at: null,
            }),
          },
  },
  {
    title: 'an answer about somebody else is none',
    user,
    logins: once,
    fault: () => ({
      status: 200,
      type: 'application/json',
      body: JSON.stringify({
        legacy_id: 'x',
        email: 'a@example.com',
        email_verified: true,
        app_metadata: { plan: 'gold' },
        user_metadata: {},
        migrated_at: null,
      }),
    }),
  },
  {
    title: 'a long outage opens the circuit breaker',
    user,
    logins: [...twice, ...twice, ...twice],
    fault: () => ({ status: 503 }),
  },
  {
    title: 'a stamp of the wrong types is none',
    user: { ...user, app_metadata: { legacy_migration: { backfill: 7 } } },
    logins: once,
  },
  {
    title: "another's stamp counts for nothing",
    user: { ...user, app_metadata: stamp({ legacy_id: '7', ...marked }) },
    logins: twice,
  },
  {
    title: 'a stamp that is text is none',
    user: { ...user, app_metadata: { legacy_migration: 'yes' } },
    logins: once,
  },
  {
    title: 'a not-found of long ago is tried again',
    user: {
      ...user,
      app_metadata: stamp({ backfill: 'not-found', backfilled_at: '2020-01-01T00:00:00.000Z' }),
    },
    logins: twice,
  },
  ...(['off', 'complete', 'soon', '##MIGRATION_PHASE##'] as const).map((phase) => ({
    title: `the phase is ${phase}`,
    user,
    logins: [{ settings: { MIGRATION_PHASE: phase } }],
  })),
  ...[
    ...['LEGACY_API_URL', 'LEGACY_API_AUDIENCE', 'LEGACY_TOKEN_URL', 'LEGACY_ACTIONS_CLIENT_ID'],
    ...['LEGACY_ACTIONS_CLIENT_SECRET', 'CLAIM_NAMESPACE'],
  ].map((name) => ({
    title: `${name} is not set`,
    user,
    logins: [{ settings: { [name]: undefined } }, { settings: { [name]: `##${name}##` } }],
  })),
  {
    title: 'the namespace is none',
    user: done,
    logins: [{ settings: { CLAIM_NAMESPACE: 'claims' } }],
  },
  {
    title: 'the token endpoint is not ours',
    user,
    logins: [{ settings: { LEGACY_TOKEN_URL: 'http://tenant.example/oauth/token' } }],
  },
  ...[
    { query: { audience } },
    { body: { audience } },
    { query: { resource: audience } },
    { query: { audience: [audience] } },
    { body: { audience: ['https://other.example', audience] } },
  ].map((asked) => ({
    title: `a person asks for the legacy API: ${JSON.stringify(asked)}`,
    user,
    logins: [asked],
  })),
  {
    title: 'a person asks for another API',
    user,
    logins: [{ query: { audience: 'https://other.example' } }],
  },
  {
    title: 'no API can be told from the legacy one',
    user,
    logins: [
      { query: { audience: 'https://other.example' }, settings: { LEGACY_API_AUDIENCE: '' } },
    ],
  },
  {
    title: 'a refresh makes one attempt',
    user,
    logins: [{ protocol: 'oauth2-refresh-token' }],
    fault: () => ({ status: 503 }),
  },
  {
    title: 'a silent login makes one attempt',
    user,
    logins: [{ query: { prompt: 'none' } }],
    fault: () => ({ status: 503 }),
  },
  { title: 'a password login is like any other', user, logins: [{ protocol: 'oauth2-password' }] },
  { title: 'a SAML login is like any other', user, logins: [{ protocol: 'samlp' }] },
  {
    title: 'nothing to copy sets no claim',
    user: { ...done, app_metadata: stamp(marked), user_metadata: {} },
    logins: once,
  },
  {
    title: 'what does not fit the budget of claims is left out',
    user: { ...done, app_metadata: { plan: 'g'.repeat(9_000), ...stamp(marked) } },
    logins: once,
  },
]
