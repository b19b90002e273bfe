import type { OpenState } from './open-state.ts'

/** Which lines of assignments are done, so that a run that was interrupted goes on there. */
export interface AssignmentRecords {
  isDone(userId: string, digest: string): boolean
  setDone(userId: string, digest: string): void
}

export function assignmentRecords({ database, write }: OpenState): AssignmentRecords {
  const find = database.prepare('select 1 from assignments where user_id = ? and digest = ?')
  const set = database.prepare('insert or replace into assignments (user_id, digest) values (?, ?)')
  return {
    isDone: (userId, digest) => find.get(userId, digest) !== undefined,
    setDone(userId, digest) {
      write(() => {
        set.run(userId, digest)
      })
    },
  }
}
