import { rememberSeed, seedOf } from './event.ts'
import { metadataAfter } from './metadata-changes.ts'
import type { PostLoginOutcome } from './runtime.ts'
import type { Event } from './types/post-login/v3.ts'

/** What the user came back with. */
export interface Continued {
  /** Query of the request to `/continue`, `state` among it. */
  readonly query?: Readonly<Record<string, string>>
  /** Body of it, when the page posted. */
  readonly body?: Readonly<Record<string, string>>
  /** What the user filled into a prompt. */
  readonly prompt?: NonNullable<Event['prompt']>
}

/**
 * The event with which a login goes on that had stopped for the user: a new `event.request`, and the
 * metadata that was pending, written. Pass `outcome` as `resume` of the run.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export function createContinueEvent(
  event: Event,
  outcome: PostLoginOutcome,
  { query = {}, body = {}, prompt }: Continued = {},
): Event {
  const { app_metadata, user_metadata } = event.user
  const continued = structuredClone({
    ...event,
    ...(prompt && { prompt }),
    request: {
      ...event.request,
      body,
      method: Object.keys(body).length > 0 ? 'POST' : 'GET',
      query,
    },
    ...(event.transaction && {
      transaction: { ...event.transaction, metadata: outcome.transactionMetadata },
    }),
    user: {
      ...event.user,
      app_metadata: metadataAfter(app_metadata, new Map(Object.entries(outcome.appMetadata))),
      user_metadata: metadataAfter(user_metadata, new Map(Object.entries(outcome.userMetadata))),
    },
  })
  return rememberSeed(continued, seedOf(event))
}
