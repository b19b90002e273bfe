import { readSync, writeSync } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandError } from './command.ts'

export interface TemporaryFile {
  readonly handle: FileHandle
  close(): Promise<void>
}

/**
 * A file without a name, where the system allows that: nobody else opens it, and nothing of it is left
 * when this process is killed. It holds profiles and hashes.
 *
 * @param folder On a disk that has room for it.
 * @throws {CommandError} `setting_invalid` where no file can be made.
 */
export async function openTemporaryFile(folder: string): Promise<TemporaryFile> {
  const own = await mkdtemp(join(folder, '.import-')).catch((cause: NodeJS.ErrnoException) => {
    const message = `No file can be made in ${folder} (${cause.code}): name another folder with --temp.`
    throw new CommandError('setting_invalid', message, { cause })
  })
  const remove = () => rm(own, { recursive: true, force: true })
  try {
    const handle = await open(join(own, 'rows'), 'wx+', 0o600)
    // Windows keeps a file that is open; there it goes when it is closed.
    const removed = await remove().then(
      () => true,
      () => false,
    )
    return {
      handle,
      async close() {
        await handle.close()
        if (!removed) await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Bytes. Linux takes several times as long for a megabyte at once, for which it looks for larger pages. */
const writtenAtOnce = 65_536

/**
 * Writes all of it: one `write` may write less. At once, since such pieces are written faster than
 * another thread is asked to.
 *
 * @throws {CommandError} `file_not_writable`
 */
export function writeWhole({ fd }: FileHandle, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const piece = Math.min(writtenAtOnce, bytes.length - done)
    done += written(() => writeSync(fd, bytes, done, piece, position + done))
  }
}

/** Nothing is sent before all of it is written. */
function written(write: () => number): number {
  try {
    return write()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    const message = `Rows cannot be kept on disk (${code}): name a folder with --temp that has room for twice the source. Nothing was sent.`
    throw new CommandError('file_not_writable', message, { cause })
  }
}

/**
 * Reads at once, as `writeWhole` writes: duplicates are looked for by ten thousand small reads.
 *
 * @returns How many bytes there were: fewer than asked for only at the end of the file.
 */
export function readWhole({ fd }: FileHandle, into: Uint8Array, position: number): number {
  let done = 0
  while (done < into.length) {
    const bytesRead = readSync(fd, into, done, into.length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return done
}
