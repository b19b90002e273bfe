import { CommandError } from '../command.ts'
import type { JournaledCommand, RunIdentity } from './journal.ts'
import type { MigrationClient } from './migration-clients.ts'
import { lockKey } from './record.ts'

/** Milliseconds after which a marker on the tenant is one that was left behind: no run takes as long. */
export const staleAfter = 15 * 60_000

export const free = 'free'

/** Who changes the tenant at the moment, as the marker on it says. */
export interface LockHolder extends Pick<RunIdentity, 'at' | 'host' | 'id' | 'pid'> {
  readonly command: JournaledCommand
}

/** @returns Null when nobody holds it. */
export function holderIn({ metadata }: Pick<MigrationClient, 'metadata'>): LockHolder | null {
  const found = /^(\S+) (\w+) (\S+) pid (\d+) run (\w+)$/.exec(metadata[lockKey] ?? free)
  if (found === null) return null
  const [, at = '', command = '', host = '', pid = '', id = ''] = found
  return { at, command: command as JournaledCommand, host, pid: Number(pid), id }
}

/** What the marker of a run says. It fits the 255 characters of a metadata value. */
export function markerOf({ at, command, host, pid, id }: RunIdentity): string {
  return `${at} ${command} ${shortHost(host)} pid ${pid} run ${id}`
}

export function nameOf({ command, host, pid, at }: LockHolder): string {
  return `${command} of ${host}, process ${pid}, since ${at}`
}

export function underWay(holder: LockHolder): CommandError {
  const message = `The ${nameOf(holder)} is under way on this tenant: wait for it. If it was killed on another machine, give --take-over, or wait until ${staleAfter / 60_000} minutes after it began.`
  return new CommandError('publish_under_way', message)
}

export function shortHost(host: string): string {
  return host.replaceAll(/\s/g, '-').slice(0, 120)
}
