import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mail } from './activity.ts'

/**
 * Keeps mails in a folder, which is made where there is none: `2026-11-21T09-30-00.000Z-1.txt`.
 *
 * @returns What is told of every mail.
 * @throws {Error} When the folder cannot be made.
 */
export function keepMailIn(folder: string, now: () => number = Date.now): (mail: Mail) => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let count = 0
  return ({ to, url }) => {
    count += 1
    const moment = new Date(now()).toISOString().replaceAll(':', '-')
    const text = `To: ${to}\nSubject: Reset your password\n\n${url}\n`
    // Never over another: two tenants may share a folder.
    writeFileSync(join(folder, `${moment}-${count}.txt`), text, { mode: 0o600, flag: 'wx' })
  }
}
