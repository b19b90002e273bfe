import { createPostLoginEvent } from '../actions-testing/event.ts'
import type { Event } from '../actions-testing/types/post-login/v3.ts'

const audience = { LEGACY_API_AUDIENCE: 'https://legacy-api.example.com/' }

const legacyApi = {
  ...audience,
  LEGACY_API_URL: 'https://legacy.example.com',
  LEGACY_TOKEN_URL: 'https://example-tenant.eu.auth0.com/oauth/token',
  LEGACY_ACTIONS_CLIENT_ID: 'Jb8UbZ0ZoSvWdWKYbQ5tKBqk0g1RmrYF',
  LEGACY_ACTIONS_CLIENT_SECRET: 'not-a-secret',
  MIGRATION_PHASE: 'lazy',
}

/** As tenant.yaml hands them out. */
const secrets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'protect-legacy-audience': audience,
  'backfill-metadata': legacyApi,
  'mark-migrated': legacyApi,
  'copy-metadata': { CLAIM_NAMESPACE: 'https://example.com/' },
}

/**
 * The event of a login that asks for an API other than the legacy one, by a user who is done: the
 * stamp is whole and both claims of the sample config have values.
 *
 * @param action Whose secrets it holds.
 * @param seed Same seed, same user.
 */
export function doneLoginEvent(action: string, seed: number): Event {
  const identifier = 'https://api.example.com/'
  const legacyId = String(1_000 + seed)
  const event = createPostLoginEvent(
    {
      request: { query: { audience: identifier } },
      resource_server: { identifier },
      secrets: secrets[action] ?? {},
      user: {
        user_id: `auth0|legacy-users|${legacyId}`,
        app_metadata: {
          plan: seed % 2 === 0 ? 'team' : 'personal',
          legacy_migration: {
            legacy_id: legacyId,
            backfilled_at: '2026-12-01T09:30:00.000Z',
            backfill: 'arrived',
            marked_at: '2026-12-01T09:30:00.412Z',
            mark: 'marked',
          },
        },
        user_metadata: { locale: seed % 3 === 0 ? 'pt-PT' : 'de' },
      },
    },
    { seed },
  )
  // An Action gets a copy of its own, and V8 lays out parsed objects differently from built ones.
  return JSON.parse(JSON.stringify(event))
}
