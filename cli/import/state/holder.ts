import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { DatabaseSync } from 'node:sqlite'
import { CommandError } from '../../command.ts'

/** Milliseconds after which a holder that has not been heard of is taken for dead. */
const lifetime = 60_000

/** Milliseconds between two signs of life. */
const beatInterval = 10_000

/** The right to work on a state file. One process has it at a time. */
export interface Holder {
  /**
   * To be called within each transaction that writes: a process that was taken for dead, and was only
   * asleep, learns here that it is not the holder any more, and writes nothing.
   *
   * @throws {CommandError} `state_in_use`.
   */
  assertHeld(): void
  release(): void
}

export interface HolderOptions {
  readonly now: () => number
  readonly pid?: number
  readonly host?: string
  /** Whether a process of this machine lives. */
  readonly isAlive?: (pid: number) => boolean
}

interface Row {
  readonly nonce: string
  readonly pid: number
  readonly host: string
  readonly beat_at: number
}

/**
 * Takes the state file, from nobody or from one who is gone: on this machine one whose process is no
 * more, on another machine one who has been silent for a minute.
 *
 * @throws {CommandError} `state_in_use`, naming the one who has it.
 */
export function holdState(database: DatabaseSync, path: string, options: HolderOptions): Holder {
  const { host = hostname(), isAlive = isProcessAlive, now, pid = process.pid } = options
  const nonce = randomUUID()
  const read = database.prepare('select nonce, pid, host, beat_at from holder')
  const current = () => read.get() as Row | undefined
  const take = database.prepare(
    'insert or replace into holder (one, nonce, pid, host, beat_at) values (1, ?, ?, ?, ?)',
  )
  database.exec('begin immediate')
  try {
    const found = current()
    if (found !== undefined && holds(found, { host, isAlive, now: now() })) {
      throw inUse(path, found)
    }
    take.run(nonce, pid, host, now())
    database.exec('commit')
  } catch (error) {
    database.exec('rollback')
    throw error
  }
  const renew = database.prepare('update holder set beat_at = ? where nonce = ?')
  const beat = setInterval(() => tryTo(() => renew.run(now(), nonce)), beatInterval)
  beat.unref()
  return {
    assertHeld() {
      const found = current()
      if (found?.nonce !== nonce) throw inUse(path, found)
    },
    release() {
      clearInterval(beat)
      tryTo(() => database.prepare('delete from holder where nonce = ?').run(nonce))
    },
  }
}

function holds(
  found: Row,
  { host, isAlive, now }: { host: string; isAlive: (pid: number) => boolean; now: number },
): boolean {
  if (now - found.beat_at >= lifetime) return false
  return found.host !== host || isAlive(found.pid)
}

function inUse(path: string, found: Row | undefined): CommandError {
  const who = found === undefined ? 'another process' : `process ${found.pid} on ${found.host}`
  const wait =
    'Wait until it has ended. One that was killed on another machine is forgotten after a minute.'
  return new CommandError('state_in_use', `${path} is in use by ${who}. ${wait}`)
}

/** A sign of life that cannot be written while another writes is no reason to stop. */
function tryTo(action: () => unknown): void {
  try {
    action()
  } catch {
    // The next transaction finds out.
  }
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of somebody else's may not be signalled, and lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
