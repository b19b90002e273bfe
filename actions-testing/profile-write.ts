import type { PostLoginOutcome } from './runtime.ts'

/** The one profile write at the end of a trigger: first-level keys, merged; null deletes. */
export interface ProfileWrite {
  readonly userId: string
  readonly app_metadata: Readonly<Record<string, unknown>>
  readonly user_metadata: Readonly<Record<string, unknown>>
}

/** What the Actions of a login want written, or null when that is nothing. */
export function profileWriteOf(userId: string, outcome: PostLoginOutcome): ProfileWrite | null {
  const { appMetadata, primaryUser, userMetadata } = outcome
  if (Object.keys(appMetadata).length === 0 && Object.keys(userMetadata).length === 0) return null
  return { userId: primaryUser ?? userId, app_metadata: appMetadata, user_metadata: userMetadata }
}

/** What whoever holds the profiles answers a write with. */
export interface WriteAnswer {
  /** HTTP status; 429 when the "Write Users" limit is reached. */
  readonly status: number
  /** `X-RateLimit-Reset` of a 429: seconds since the Unix epoch. */
  readonly rateLimitReset?: number
}

export interface WriteClock {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface WriteResult {
  readonly status: number
  readonly attempts: number
}

// The docs give no end to the retries: that of the trigger is taken (assumption
// `profile-write-retries-end-with-the-flow`).
const defaultBudgetMs = 20_000
/** The header counts whole seconds, so it may name one that is nearly over. */
const leastWaitMs = 100
const waitWithoutHeaderMs = 1_000

/**
 * Writes as Auth0 does for Actions: what is rate limited is written again at `X-RateLimit-Reset`, until
 * the next attempt would come too late.
 *
 * @returns The last answer; 429 when it was given up, and the metadata is lost.
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
 */
export async function writeWithRetries(
  write: () => Promise<WriteAnswer>,
  { now, sleep }: WriteClock,
  budgetMs = defaultBudgetMs,
): Promise<WriteResult> {
  const deadline = now() + budgetMs
  for (let attempts = 1; ; attempts += 1) {
    const { rateLimitReset, status } = await write()
    if (status !== 429) return { status, attempts }
    const wait = rateLimitReset === undefined ? waitWithoutHeaderMs : rateLimitReset * 1000 - now()
    const next = Math.max(wait, leastWaitMs)
    if (now() + next > deadline) return { status, attempts }
    await sleep(next)
  }
}
