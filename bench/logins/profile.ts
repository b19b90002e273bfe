import { isDeepStrictEqual } from 'node:util'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import type { Event } from '../../actions-testing/types/post-login/v3.ts'
import { metadataOf } from '../legacy-side/legacy-user.ts'
import type { UserState } from './job.ts'

type Metadata = Readonly<Record<string, unknown>>

/** What Auth0 keeps of a user from login to login. */
export interface Profile {
  readonly legacyId: string
  readonly app_metadata: Metadata
  readonly user_metadata: Metadata
}

const instant = '2026-12-01T09:30:00.000Z'

export function profileOf(state: UserState, legacyId: string): Profile {
  if (state === 'interrupted') return { legacyId, app_metadata: {}, user_metadata: {} }
  const { app_metadata, user_metadata } = metadataOf(legacyId)
  const arrived = { legacy_id: legacyId, backfilled_at: instant, backfill: 'arrived' }
  const kept =
    state === 'arrived'
      ? { legacy_migration: arrived }
      : // The second is what the rival remembers.
        { legacy_migration: { ...arrived, marked_at: instant, mark: 'marked' }, migrated: true }
  return { legacyId, app_metadata: { ...app_metadata, ...kept }, user_metadata }
}

/** True when the profile says so: by the kit's stamp, or by what the rival remembers. */
export function isMigrated({ app_metadata }: Profile): boolean {
  const stamp = app_metadata.legacy_migration as Metadata | undefined
  return stamp?.mark === 'marked' || app_metadata.migrated === true
}

/** True when all that the legacy store knows of the user is there, and nothing else but the memory. */
export function isComplete({ legacyId, app_metadata, user_metadata }: Profile): boolean {
  const { legacy_migration: _stamp, migrated: _migrated, ...own } = app_metadata
  return isDeepStrictEqual({ app_metadata: own, user_metadata }, metadataOf(legacyId))
}

const identifier = 'https://api.example.com/'

/** A login that asks for an API other than the legacy one; the user's members come with each login. */
export const sampleEvent: Event = createPostLoginEvent({
  request: { query: { audience: identifier } },
  resource_server: { identifier },
})

/** `event.user` of a login at `now` (milliseconds since the epoch), created by that very login. */
export function eventUser(profile: Profile, now: number): Event['user'] {
  const { legacyId, app_metadata, user_metadata } = profile
  const id = `legacy-users|${legacyId}`
  return {
    ...sampleEvent.user,
    app_metadata,
    user_metadata,
    created_at: new Date(now).toISOString(),
    identities: [{ connection: 'legacy-users', isSocial: false, provider: 'auth0', user_id: id }],
    user_id: `auth0|${id}`,
  }
}
