import { access, constants, type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CommandError } from '../command.ts'
import type { DeadLetter, DeadLetters } from './import-types.ts'

export interface DeadLetterFile extends DeadLetters {
  readonly path: string
  readonly letters: number
  /**
   * Finds out, before hours of work, what `add` would.
   *
   * @throws {CommandError} `setting_invalid`
   */
  assertFree(): Promise<void>
  close(): Promise<void>
}

/**
 * Dead letters as NDJSON. The file is made with the first one, for its owner's eyes only, since it has
 * profiles and hashes; one that is there already is never written over: somebody may be mending it.
 */
export function createDeadLetterFile(path: string): DeadLetterFile {
  let handle: FileHandle | undefined
  let letters = 0
  return {
    path,
    get letters() {
      return letters
    },
    async assertFree() {
      await access(dirname(path), constants.W_OK).catch(unfit)
      const isThere = await access(path).then(
        () => true,
        () => false,
      )
      if (isThere) throw taken('is there already')
    },
    async add(letter: DeadLetter) {
      handle ??= await open(path, 'ax', 0o600).catch(unfit)
      const { reason, message, line, format, header, original } = letter
      const ordered = { reason, message, line, format, ...(header !== undefined && { header }) }
      await handle.appendFile(`${JSON.stringify({ ...ordered, original })}\n`).catch(notWritten)
      letters += 1
    },
    async close() {
      await handle?.close()
    },
  }
}

function unfit(cause: NodeJS.ErrnoException): never {
  throw taken(
    cause.code === 'EEXIST' ? 'is there already' : `cannot be made (${cause.code})`,
    cause,
  )
}

function taken(why: string, cause?: unknown): CommandError {
  const message = `The file for dead letters ${why}: name another one with --dead-letters.`
  return new CommandError('setting_invalid', message, { cause })
}

function notWritten(cause: NodeJS.ErrnoException): never {
  const message = `The dead letters cannot be written (${cause.code}): make room, and run the same command again with another --dead-letters.`
  throw new CommandError('file_not_writable', message, { cause })
}
