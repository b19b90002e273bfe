import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { JournaledCommand, RunIdentity } from './journal.ts'

/** Who does what to which tenant since when: for journal and lock. @param now Milliseconds since the epoch. */
export function newRun(
  command: JournaledCommand,
  domain: string,
  now: number,
  detail?: string,
  isOldTenant = false,
): RunIdentity {
  return {
    id: randomBytes(6).toString('hex'),
    command,
    domain,
    at: new Date(now).toISOString(),
    host: hostname(),
    pid: process.pid,
    ...(detail !== undefined && { detail }),
    ...(isOldTenant && { isOldTenant }),
  }
}
