import type { JobFile, PackedUser } from '../import-types.ts'

/**
 * Bytes. Auth0 says 500 KB; read as decimal, the smaller of the two readings.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
 */
export const maxFileBytes = 500_000

const [opening, closing, comma] = [0x5b, 0x5d, 0x2c]

export interface Packer {
  /**
   * Adds a user behind those before.
   *
   * @param json Bytes of UTF-8; copied.
   * @returns The file that is full, since this user had no room in it any more; else null.
   * @throws {RangeError} When the user alone has no room in a file.
   */
  add(json: Uint8Array, user: PackedUser): JobFile | null
  /** @returns The last file; null when there is nobody in it. */
  end(): JobFile | null
}

/**
 * Packs users, in order, into as few files as the limit allows. Holds one file, and the memory of
 * those that were released.
 */
export function createPacker(limit = maxFileBytes): Packer {
  const released: Buffer[] = []
  let number = 0
  let body: Buffer = Buffer.allocUnsafeSlow(limit)
  let users: PackedUser[] = []
  /** Bytes in use; the bracket or comma before each user is among them, the last bracket is not. */
  let used = 0

  function take(): JobFile | null {
    if (users.length === 0) return null
    body[used] = closing
    number += 1
    const whole = body
    const release = () => {
      released.push(whole)
    }
    const file = { number, body: whole.subarray(0, used + 1), users, release }
    body = released.pop() ?? Buffer.allocUnsafeSlow(limit)
    users = []
    used = 0
    return file
  }

  return {
    add(json, user) {
      if (json.length + 2 > limit) throw new RangeError('a user is larger than a job file')
      const full = used + json.length + 2 > limit ? take() : null
      body[used] = used === 0 ? opening : comma
      body.set(json, used + 1)
      used += 1 + json.length
      users.push(user)
      return full
    },
    end: take,
  }
}
