import { readFile } from 'node:fs/promises'
import type { Fault } from './faults.ts'

/** Of a fault, and what each has to be. */
const members: Readonly<Record<string, (value: unknown) => boolean>> = {
  method: (value) => typeof value === 'string',
  route: (value) => typeof value === 'string',
  status: (value) => value === 429 || value === 500 || value === 503,
  cut: (value) => value === 'before' || value === 'after',
  delay: isCount,
  skip: isCount,
  times: isCount,
}

/** A file of faults that is not one; the message names the place. */
class FaultsFileError extends Error {
  override readonly name = 'FaultsFileError'
}

/**
 * Reads a list of faults in JSON: `[{ "method": "POST", "route": "/api/v2/clients", "status": 500 }]`.
 *
 * @throws {FaultsFileError} For a file that cannot be read, is no such list, or has a member that no
 *   fault has. Whether a route is one is seen when the tenant starts.
 */
export async function readFaults(file: string): Promise<readonly Fault[]> {
  const list = await readJson(file)
  if (!Array.isArray(list)) throw new FaultsFileError(`${file} holds no list of faults`)
  return list.map((entry: unknown, position) => faultOf(entry, `${file}, fault ${position + 1}`))
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const reason = code === undefined ? 'it is not JSON' : code
    throw new FaultsFileError(`The file of faults ${file} cannot be read: ${reason}`)
  }
}

function faultOf(entry: unknown, at: string): Fault {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw new FaultsFileError(`${at}: it is no object`)
  }
  for (const [name, value] of Object.entries(entry)) {
    const isRight = Object.hasOwn(members, name) ? members[name] : undefined
    const known = Object.keys(members).join(', ')
    if (isRight === undefined) {
      throw new FaultsFileError(`${at}: no fault has a "${name}", but ${known}`)
    }
    if (!isRight(value)) throw new FaultsFileError(`${at}: its "${name}" cannot be that`)
  }
  for (const name of ['method', 'route']) {
    if (!Object.hasOwn(entry, name)) throw new FaultsFileError(`${at}: its "${name}" is missing`)
  }
  return entry as Fault
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
