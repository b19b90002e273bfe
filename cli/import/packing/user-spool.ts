import { openTemporaryFile, readWhole, writeWhole } from '../../temporary-file.ts'
import type { SourcePlace } from '../import-types.ts'

/** A user who passed every check, as the spool gives them back. */
export interface SpooledUser extends SourcePlace {
  /** Valid until the next one is asked for. */
  readonly json: Buffer
}

/**
 * Users on their way from the checks to the job files, in order. Only when the last row has been read
 * is it known who shares an address with whom; until then they wait here, on disk and not in memory.
 */
export interface UserSpool {
  readonly users: number
  /**
   * Adds the JSON from `start` to `end`, which is copied, with its place in the source.
   */
  add(from: Buffer, start: number, end: number, line: number, offset: number, bytes: number): void
  /** Some at a time, as many as fit into memory. */
  read(): AsyncGenerator<Iterable<SpooledUser>>
  close(): Promise<void>
}

/** Bytes before each user: of the JSON, and the place. */
const headerBytes = 20
const bufferBytes = 1_048_576

export async function openUserSpool(folder: string): Promise<UserSpool> {
  const file = await openTemporaryFile(folder)
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let [users, used, written] = [0, 0, 0]

  function flush(): void {
    writeWhole(file.handle, buffer.subarray(0, used), written)
    written += used
    used = 0
  }

  function put(...[from, start, end, line, offset, bytes]: Parameters<UserSpool['add']>): void {
    buffer.writeUInt32LE(end - start, used)
    buffer.writeUInt32LE(line, used + 4)
    buffer.writeUInt32LE(bytes, used + 8)
    buffer.writeDoubleLE(offset, used + 12)
    from.copy(buffer, used + headerBytes, start, end)
    used += headerBytes + end - start
    users += 1
  }

  return {
    get users() {
      return users
    },
    add(from, start, end, line, offset, bytes) {
      if (used + headerBytes + end - start > bufferBytes) flush()
      put(from, start, end, line, offset, bytes)
    },
    async *read() {
      flush()
      // The same memory: nothing is added any more.
      for (let position = 0, kept = 0; position < written; ) {
        const wanted = buffer.subarray(
          kept,
          kept + Math.min(bufferBytes - kept, written - position),
        )
        position += readWhole(file.handle, wanted, position)
        const end = kept + wanted.length
        const whole = endOfWhole(buffer, end)
        yield usersIn(buffer, whole)
        kept = end - whole
        buffer.copyWithin(0, whole, end)
      }
    },
    close: () => file.close(),
  }
}

/** Where the last user ends that is there whole. */
function endOfWhole(buffer: Buffer, end: number): number {
  let at = 0
  while (at + headerBytes <= end) {
    const next = at + headerBytes + buffer.readUInt32LE(at)
    if (next > end) break
    at = next
  }
  return at
}

function* usersIn(buffer: Buffer, end: number): Generator<SpooledUser> {
  for (let at = 0; at < end; ) {
    const next = at + headerBytes + buffer.readUInt32LE(at)
    yield {
      line: buffer.readUInt32LE(at + 4),
      bytes: buffer.readUInt32LE(at + 8),
      offset: buffer.readDoubleLE(at + 12),
      json: buffer.subarray(at + headerBytes, next),
    }
    at = next
  }
}
