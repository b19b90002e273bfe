import type { SourcePlace } from '../import-types.ts'
import { openTemporaryFile, readWhole, writeWhole } from './temporary-file.ts'

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
  /** @param json Copied. */
  add(json: Uint8Array, place: SourcePlace): Promise<void> | undefined
  read(): AsyncGenerator<SpooledUser>
  close(): Promise<void>
}

/** Bytes before each user: of the JSON, and the place. */
const headerBytes = 20
const bufferBytes = 1_048_576

export async function openUserSpool(folder: string): Promise<UserSpool> {
  const file = await openTemporaryFile(folder)
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let [users, used, written] = [0, 0, 0]

  async function flush(): Promise<void> {
    await writeWhole(file.handle, buffer.subarray(0, used), written)
    written += used
    used = 0
  }

  function put(json: Uint8Array, { line, offset, bytes }: SourcePlace): undefined {
    buffer.writeUInt32LE(json.length, used)
    buffer.writeUInt32LE(line, used + 4)
    buffer.writeUInt32LE(bytes, used + 8)
    buffer.writeDoubleLE(offset, used + 12)
    buffer.set(json, used + headerBytes)
    used += headerBytes + json.length
    users += 1
  }

  return {
    get users() {
      return users
    },
    add(json, place) {
      if (used + headerBytes + json.length <= bufferBytes) return put(json, place)
      return flush().then(() => put(json, place))
    },
    async *read() {
      await flush()
      // The same memory: nothing is added any more.
      for (let position = 0, kept = 0; position < written; ) {
        const wanted = buffer.subarray(
          kept,
          kept + Math.min(bufferBytes - kept, written - position),
        )
        position += await readWhole(file.handle, wanted, position)
        const end = kept + wanted.length
        let at = 0
        while (at + headerBytes <= end) {
          const next = at + headerBytes + buffer.readUInt32LE(at)
          if (next > end) break
          yield spooledUser(buffer, at, next)
          at = next
        }
        kept = end - at
        buffer.copyWithin(0, at, end)
      }
    },
    close: () => file.close(),
  }
}

function spooledUser(buffer: Buffer, at: number, next: number): SpooledUser {
  return {
    line: buffer.readUInt32LE(at + 4),
    bytes: buffer.readUInt32LE(at + 8),
    offset: buffer.readDoubleLE(at + 12),
    json: buffer.subarray(at + headerBytes, next),
  }
}
