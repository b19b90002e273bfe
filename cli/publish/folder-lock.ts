import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../command.ts'
import { isRunning } from '../running-process.ts'
import type { RunIdentity } from './journal.ts'
import { holderIn, markerOf, shortHost, underWay } from './lock-marker.ts'
import { onDisk } from './on-disk.ts'
import { lockKey } from './record.ts'

/**
 * Takes the lock of a folder: two runs on one machine do not even ask the tenant.
 *
 * @returns What releases it.
 * @throws {CommandError} `publish_under_way`, naming who has it; `file_not_writable`.
 */
export function lockFolder(folder: string, run: RunIdentity): () => void {
  const file = join(folder, 'lock')
  const own = `${file}.${run.id}`
  onDisk(folder, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(own, markerOf(run), { mode: 0o600 })
  })
  try {
    // A link is made whole or not at all: nobody reads a lock that is half written.
    while (!tryLink(own, file)) removeLeft(file, own, run)
    return () => rmSync(file, { force: true })
  } finally {
    rmSync(own, { force: true })
  }
}

/** @throws {CommandError} `publish_under_way` unless its process runs no more. */
function removeLeft(file: string, own: string, { host }: RunIdentity): void {
  const text = textOf(file)
  if (text === null) return
  const holder = holderIn({ metadata: { [lockKey]: text } })
  if (holder === null) throw new CommandError('publish_under_way', `Remove ${file}: it is no lock.`)
  if (holder.host !== shortHost(host) || isRunning(holder.pid)) throw underWay(holder)
  const aside = `${own}.left`
  if (!tryRename(file, aside)) return
  // Of two who find it at once the second moves the first one's new lock: it is put back.
  if (textOf(aside) !== text) tryLink(aside, file)
  rmSync(aside, { force: true })
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return false
    throw error
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'EEXIST') return false
    throw error
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
