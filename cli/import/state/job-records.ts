import { CommandError } from '../../command.ts'
import type { JobFile, PackedUser } from '../import-types.ts'
import type { OpenState } from './open-state.ts'

/** A job of Auth0's, as far as this side knows it. */
export interface JobRecord {
  readonly job: number
  /** Of the last try. */
  readonly externalId: string | null
  /** `prepared`: not sent. `sending`: nobody knows. `sent`: Auth0 has it. `ended`: its users are settled. */
  readonly state: 'ended' | 'prepared' | 'sending' | 'sent'
  readonly jobId: string | null
  readonly users: number
  /** Milliseconds, by the clock of this side. */
  readonly sentAt: number | null
  /** Milliseconds, by Auth0's clock. */
  readonly createdAt: number | null
}

export type Outcome = 'already_migrated' | 'failed' | 'inserted' | 'requeued' | 'updated'

export interface UserOutcome {
  readonly userId: string
  readonly outcome: Outcome
  /** Of a user who failed: what Auth0 said, in lower case. */
  readonly reason?: string
}

/** How a job ended. `lost`: no answer to its POST, and no trace of it. */
type JobEnd = 'completed' | 'failed' | 'gone' | 'lost' | 'not_sent'

/** Which users are in which job, and how it ended. */
export interface JobRecords {
  /** Writes down who is in a file, before it is sent. */
  prepare(file: JobFile): JobRecord
  /** From here on Auth0 may have the file. */
  sending(job: JobRecord, sentAt: number): JobRecord
  /** Auth0 has not taken the file: it may be sent again. */
  held(job: JobRecord): JobRecord
  sent(job: JobRecord, jobId: string, createdAt: number): JobRecord
  /** Ends a job; users that `outcomes` does not name get `rest`. */
  end(job: JobRecord, end: JobEnd, outcomes: Iterable<UserOutcome>, rest: Outcome, at: number): void
  /** Jobs that an earlier process has sent, or may have sent, and not brought to an end. */
  unfinished(): readonly JobRecord[]
  /** Ids without `auth0|`, in the order of the file. */
  userIds(job: JobRecord): readonly string[]
}

interface Row {
  readonly job: number
  readonly external_id: string | null
  readonly state: JobRecord['state']
  readonly job_id: string | null
  readonly users: number
  readonly sent_at: number | null
  readonly created_at: number | null
}

/**
 * @param source Of the users that are prepared from now on.
 */
export function jobRecords({ database, runId, write }: OpenState, source: number): JobRecords {
  const addJob = database.prepare(
    "insert into jobs (source, state, users, bytes) values (?, 'prepared', ?, ?)",
  )
  // Whoever failed, or was put back, may come again; whoever is on the way or there may not.
  const addUser = database.prepare(`
    insert into users (user_id, legacy_id, job, line, offset, bytes) values (?, ?, ?, ?, ?, ?)
    on conflict (user_id) do update set legacy_id = excluded.legacy_id, job = excluded.job,
      line = excluded.line, offset = excluded.offset, bytes = excluded.bytes,
      outcome = null, reason = null, mark = null
    where outcome in ('failed', 'requeued', 'undone')`)
  const setSending = database.prepare(
    "update jobs set state = 'sending', external_id = ?, sent_at = ? where job = ?",
  )
  const setHeld = database.prepare(
    "update jobs set state = 'prepared', sent_at = null where job = ?",
  )
  const setSent = database.prepare(
    "update jobs set state = 'sent', job_id = ?, created_at = ? where job = ?",
  )
  const setEnded = database.prepare(
    "update jobs set state = 'ended', how = ?, ended_at = ? where job = ?",
  )
  const setOutcome = database.prepare(
    'update users set outcome = ?, reason = ? where user_id = ? and job = ? and outcome is null',
  )
  const setRest = database.prepare('update users set outcome = ? where job = ? and outcome is null')
  let tries = 0

  function addUsers(job: number, users: readonly PackedUser[]): void {
    for (const { bytes, legacyId, line, offset, userId } of users) {
      const { changes } = addUser.run(userId, legacyId, job, line, offset, bytes)
      if (changes === 0) throw sentAlready(line)
    }
  }

  function endJob(job: number, end: JobEnd, rest: Outcome, at: number): void {
    setRest.run(rest, job)
    setEnded.run(end, at, job)
  }

  // What was written down and not sent when a process died goes back to the source.
  write(() => {
    const left = database.prepare("select job from jobs where state = 'prepared'").all()
    for (const { job } of left as unknown as Row[]) endJob(job, 'not_sent', 'requeued', 0)
  })

  return {
    prepare: ({ body, users }) =>
      write(() => {
        const job = Number(addJob.run(source, users.length, body.length).lastInsertRowid)
        addUsers(job, users)
        const none = { externalId: null, jobId: null, sentAt: null, createdAt: null }
        return { job, state: 'prepared', users: users.length, ...none }
      }),
    sending: (record, sentAt) =>
      write(() => {
        tries += 1
        const externalId = `migration-${runId}-${record.job}-${sentAt.toString(36)}-${tries}`
        setSending.run(externalId, sentAt, record.job)
        return { ...record, externalId, state: 'sending', sentAt }
      }),
    held: (record) =>
      write(() => {
        setHeld.run(record.job)
        return { ...record, state: 'prepared', sentAt: null }
      }),
    sent: (record, jobId, createdAt) =>
      write(() => {
        setSent.run(jobId, createdAt, record.job)
        return { ...record, state: 'sent', jobId, createdAt }
      }),
    end: ({ job }, end, outcomes, rest, at) =>
      write(() => {
        for (const { outcome, reason = null, userId } of outcomes) {
          setOutcome.run(outcome, reason, userId, job)
        }
        endJob(job, end, rest, at)
      }),
    unfinished() {
      const rows = database.prepare("select * from jobs where state in ('sending', 'sent')").all()
      return (rows as unknown as Row[]).map(recordOf)
    },
    userIds({ job }) {
      const rows = database
        .prepare('select user_id from users where job = ? order by line, user_id')
        .all(job)
      return (rows as unknown as { user_id: string }[]).map(({ user_id }) => user_id)
    },
  }
}

function recordOf(row: Row): JobRecord {
  const { created_at, external_id, job, job_id, sent_at, state, users } = row
  const times = { sentAt: sent_at, createdAt: created_at }
  return { job, externalId: external_id, state, jobId: job_id, users, ...times }
}

/** No such row gets here: whoever is in the state is left out when files are packed. */
function sentAlready(line: number): CommandError {
  const message = `The user of line ${line} is in the state file already and was to be sent once more. Nothing of this file was sent.`
  return new CommandError('state_invalid', message)
}
