import { type FileHandle, open } from 'node:fs/promises'
import { CommandError } from '../command.ts'
import type { DeadLetter, DeadLetters } from './import-types.ts'

export interface DeadLetterFile extends DeadLetters {
  readonly path: string
  readonly letters: number
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
    async add(letter: DeadLetter) {
      handle ??= await open(path, 'ax', 0o600).catch((cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EEXIST' ? 'is there already' : `cannot be made (${cause.code})`
        const message = `The file for dead letters ${why}: name another one with --dead-letters.`
        throw new CommandError('setting_invalid', message, { cause })
      })
      const { reason, message, line, format, header, original } = letter
      const ordered = { reason, message, line, format, ...(header !== undefined && { header }) }
      await handle.appendFile(`${JSON.stringify({ ...ordered, original })}\n`)
      letters += 1
    },
    async close() {
      await handle?.close()
    },
  }
}
