/** What a user brings along to a login. */
export type UserState =
  /** Whole stamp: nothing is left to do. */
  | 'done'
  /** As a first login leaves it that nothing interrupted: the metadata are there, the mark is not. */
  | 'arrived'
  /** As one leaves it that the browser did not see the end of: no metadata, no stamp. */
  | 'interrupted'

/** What an instance needs before its first login. */
export interface Setup {
  /** Paths of modules with `onExecutePostLogin`, in flow order. */
  readonly files: readonly string[]
  readonly secrets: Readonly<Record<string, string>>
  /** True: no connection is kept, whatever the Actions would do. */
  readonly newConnections: boolean
}

/** Logins to make. */
export type Job = Pace &
  (
    | { /** First logins of new users. */ readonly who: UserState; readonly logins: number }
    | { /** One more login of every user who is not migrated yet. */ readonly who: 'unmigrated' }
  )

interface Pace {
  readonly atOnce: number
  /** Milliseconds by which the clock of the Actions has moved on since the job before. */
  readonly later?: number
}

export interface JobReport {
  /** Of each login, in the order in which they ended. */
  readonly milliseconds: readonly number[]
  /** Logins that an Action denied, or that failed since one threw. */
  readonly failed: number
  /** Of these users, those whom the profile does not call migrated afterwards. */
  readonly unmigrated: number
  /** Of those whom it does, those whose metadata are not what the legacy store has. */
  readonly incomplete: number
  /** Lines that Actions logged, by code. */
  readonly logged: Readonly<Record<string, number>>
}
