import { type FileHandle, open } from 'node:fs/promises'
import { addAbortSignal, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CommandError } from '../../command.ts'
import {
  openTemporaryFile,
  readWhole,
  type TemporaryFile,
  writeWhole,
} from '../../temporary-file.ts'

/** Decompressed bytes, read once from the beginning, and again where something has to be quoted. */
export interface ByteSource {
  /** A chunk is valid until the next one is asked for. */
  readonly chunks: AsyncIterable<Buffer>
  /** Bytes of the file as it lies on the disk; undefined where nobody knows. */
  readonly size: number | undefined
  /** Bytes of it that have been read. */
  consumed(): number
  /** @param offset Of bytes that `chunks` has passed. */
  readAgain(offset: number, bytes: number): Promise<Buffer>
  close(): Promise<void>
}

const chunkBytes = 262_144

/** @throws {CommandError} `source_unreadable` */
export async function openFile(
  path: string,
  folder: string,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const handle = await open(path).catch((cause: NodeJS.ErrnoException) => {
    const message = `The source cannot be opened (${cause.code ?? 'unknown'}).`
    throw new CommandError('source_unreadable', message, { cause })
  })
  const status = await handle.stat()
  if (status.isDirectory()) {
    await handle.close()
    throw new CommandError('source_unreadable', 'The source is a folder: name a file.')
  }
  // A pipe or a device cannot be read again from the beginning.
  if (!status.isFile()) return keepBytes(handle.createReadStream(), folder, signal)
  const start = Buffer.alloc(2)
  readWhole(handle, start, 0)
  if (isGzip(start)) {
    return {
      ...(await keepBytes(handle.createReadStream({ start: 0 }), folder)),
      size: status.size,
    }
  }
  let position = 0
  const chunks = readInChunks(handle, (end) => {
    position = end
  })
  return {
    chunks,
    size: status.size,
    consumed: () => position,
    readAgain: (offset, bytes) => readAt(handle, offset, bytes),
    close: () => handle.close(),
  }
}

/**
 * Bytes that come once: what has passed is kept in a temporary file.
 *
 * @param signal Aborted: no more is waited for, however long a pipe is silent.
 */
export async function keepBytes(
  input: Readable,
  folder: string,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const file = await openTemporaryFile(folder)
  if (signal !== undefined) addAbortSignal(signal, input)
  let consumed = 0
  async function* counted(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of input) {
        consumed += (chunk as Buffer).length
        yield chunk as Buffer
      }
    } catch (error) {
      if (!signal?.aborted) throw error
      throw new CommandError('interrupted', 'Interrupted. Nothing was sent.', { cause: error })
    }
  }
  return {
    chunks: keep(decompressed(counted()), file),
    size: undefined,
    consumed: () => consumed,
    readAgain: (offset, bytes) => readAt(file.handle, offset, bytes),
    async close() {
      input.destroy()
      await file.close()
    },
  }
}

async function* readInChunks(
  handle: FileHandle,
  passed: (end: number) => void,
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes)
  for (let position = 0; ; ) {
    const bytesRead = readWhole(handle, buffer, position)
    if (bytesRead === 0) return
    position += bytesRead
    passed(position)
    yield buffer.subarray(0, bytesRead)
  }
}

async function* decompressed(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { start, chunks } = await peek(input, 2)
  if (!isGzip(start)) {
    yield* chunks
    return
  }
  const gunzip = createGunzip()
  const source = Readable.from(chunks)
  source.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer
  } catch (cause) {
    if (cause instanceof CommandError) throw cause
    const message = 'The gzip source is cut off or damaged. Nothing was sent.'
    throw new CommandError('source_cut_off', message, { cause })
  }
}

/**
 * The first bytes, and all of them. A pipe parts them anywhere: a header that was cut would be one of
 * other columns.
 *
 * @param bytes To be at hand, unless there are fewer.
 */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  bytes: number,
): Promise<{ readonly start: Buffer; readonly chunks: AsyncGenerator<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  while (start.length < bytes) {
    const { done, value } = await iterator.next()
    if (done === true) break
    start = start.length === 0 && value.length >= bytes ? value : Buffer.concat([start, value])
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { start, chunks: whole() }
}

async function* keep(chunks: AsyncIterable<Buffer>, file: TemporaryFile): AsyncGenerator<Buffer> {
  let written = 0
  for await (const chunk of chunks) {
    writeWhole(file.handle, chunk, written)
    written += chunk.length
    yield chunk
  }
}

async function readAt(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  const read = readWhole(handle, buffer, offset)
  return buffer.subarray(0, read)
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}
