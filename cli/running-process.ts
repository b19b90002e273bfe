import { existsSync, readFileSync } from 'node:fs'

/** Whether a process of this machine runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'EPERM'
  }
}

/** Killed, and not yet missed by its parent: in a container without an init that lasts. */
function isZombie(pid: number): boolean {
  const stat = `/proc/${pid}/stat`
  return existsSync(stat) && /\) [ZX] /.test(readFileSync(stat, 'latin1'))
}
