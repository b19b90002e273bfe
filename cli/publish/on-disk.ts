import { CommandError } from '../command.ts'

/**
 * Writes what has to be on disk before anything is done to the tenant.
 *
 * @param where File or folder, for the operator.
 * @throws {CommandError} `file_not_writable`: a full disk, a folder that is read-only.
 */
export function onDisk<Value>(where: string, write: () => Value): Value {
  try {
    return write()
  } catch (cause) {
    const code = String((cause as { readonly code?: unknown }).code)
    const message = `${where} cannot be written (${code}). What is done to the tenant is noted there first: make it writable, or make room.`
    throw new CommandError('file_not_writable', message, { cause })
  }
}
