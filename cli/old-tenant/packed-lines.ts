import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { createGunzip } from 'node:zlib'
import { CommandError } from '../command.ts'

/**
 * The lines of a text file, or of one in gzip, that are not blank, and the number of each.
 *
 * @param name What an error calls it: `--passwords`, `The export of the old tenant`.
 * @throws {CommandError} `source_unreadable`; `source_cut_off` where gzip ends too early.
 */
export async function* packedLines(
  path: string,
  name: string,
): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  const isPacked = await beginsAsGzip(path, name)
  const file = createReadStream(path)
  const input = isPacked ? file.pipe(createGunzip()) : file
  if (input !== file) file.on('error', (error) => input.destroy(error))
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
  }
  if (!isBroken) return
  const message = `${name} cannot be unpacked: it is cut off. Nothing was sent.`
  throw new CommandError('source_cut_off', message)
}

async function beginsAsGzip(path: string, name: string): Promise<boolean> {
  try {
    const handle = await open(path)
    try {
      const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
      return buffer[0] === 0x1f && buffer[1] === 0x8b
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new CommandError('source_unreadable', `${name} cannot be read (${code}).`, { cause })
  }
}
