import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Milliseconds. A file of a run that lives has its name for a moment only: until it is open. */
const graceTime = 60_000

/** The files that are made there. A folder with another is somebody else's. */
const ours = ['hashes', 'memberships', 'rows']

/**
 * Removes what runs have left that were killed at the moment when a file of theirs had a name still; or
 * on a system where it keeps that. It may hold profiles.
 *
 * @param now Milliseconds since the epoch.
 */
export async function clearLeftovers(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => /^\.import-[A-Za-z\d]{6}$/.test(one))) {
    const path = join(folder, name)
    // Somebody else may remove it at the same time, or may not let us.
    if (await isLeftover(path, now).catch(() => false)) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
    }
  }
}

async function isLeftover(path: string, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(path)
  if (now - mtimeMs < graceTime) return false
  const files = await readdir(path)
  return files.every((file) => ours.includes(file))
}
