import type { Progress } from '../../progress.ts'
import type { ImportState } from '../state/import-state.ts'
import type { Manage } from './leave-room.ts'

/** How patiently Auth0 is asked. Milliseconds. */
export interface Pace {
  readonly firstPoll: number
  readonly longestPoll: number
  /** Before a file is sent again that Auth0 had no room for. */
  readonly busy: number
  /** How long the logs may be silent about a job before it counts as never made. */
  readonly settleAfter: number
}

export const usualPace: Pace = {
  firstPoll: 1_000,
  longestPoll: 30_000,
  busy: 30_000,
  settleAfter: 15 * 60_000,
}

/** What the jobs of an import are given. */
export interface JobRun {
  /** Leaves room for logins: `leaveRoom`. */
  readonly manage: Manage
  readonly state: ImportState
  readonly connectionId: string
  /** Whether users who exist are changed. */
  readonly upsert: boolean
  readonly signal: AbortSignal
  readonly progress: Progress
  readonly say: (line: string) => void
  /** Of users in the files that are to come; for the progress. */
  readonly total: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly pace: Pace
}
