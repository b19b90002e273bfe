import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CommandError } from '../command.ts'

/** Bytes that are read at once of a file without a name. */
const chunkBytes = 262_144

/**
 * The lines of a text file, or of one in gzip, that are not blank, and the number of each.
 *
 * @param file A path, or a file without one; that may be read as often as is wanted.
 * @param name What an error calls it: `--passwords`, `The export of the old tenant`.
 * @throws {CommandError} `source_unreadable`; `source_cut_off` where gzip ends too early.
 */
export async function* packedLines(
  file: FileHandle | string,
  name: string,
): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  const isPacked = await beginsAsGzip(file, name)
  const source: Readable =
    typeof file === 'string'
      ? createReadStream(file)
      : Readable.from(chunksOf(file), { objectMode: false })
  const input = isPacked ? source.pipe(createGunzip()) : source
  if (input !== source) source.on('error', (error) => input.destroy(error))
  // Some versions of readline end quietly where their input fails, others throw.
  let isBroken = false
  input.on('error', () => {
    isBroken = true
  })
  let line = 0
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1
      if (text.trim() !== '') yield { text, line }
    }
  } catch (cause) {
    if (!isBroken) throw cause
  } finally {
    // Whoever has seen enough does not come back for the rest.
    source.destroy()
    input.destroy()
  }
  if (!isBroken) return
  const message = `${name} cannot be unpacked: it is cut off. Nothing was sent.`
  throw new CommandError('source_cut_off', message)
}

/** Not `createReadStream`, which closes the file with itself. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

async function beginsAsGzip(file: FileHandle | string, name: string): Promise<boolean> {
  if (typeof file !== 'string') return isGzip(file)
  try {
    const handle = await open(file)
    try {
      return await isGzip(handle)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new CommandError('source_unreadable', `${name} cannot be read (${code}).`, { cause })
  }
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
async function isGzip(file: FileHandle): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return buffer[0] === 0x1f && buffer[1] === 0x8b
}
