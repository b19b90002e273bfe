import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { CommandError } from '../command.ts'

/**
 * Legacy ids of users who may stay as they are.
 *
 * @param file One id a line; a line of `npx migration status --list` is read too.
 * @throws {CommandError} `setting_invalid`.
 */
export function readWaived(
  ids: readonly string[],
  file: string | undefined,
  cwd: string,
): ReadonlySet<string> {
  return new Set([...ids, ...(file === undefined ? [] : idsIn(resolve(cwd, file), file))])
}

function idsIn(path: string, name: string): readonly string[] {
  try {
    const lines = readFileSync(path, 'utf8').split(/\r?\n/)
    return lines.flatMap(idsOf)
  } catch (cause) {
    const message = `--waive-from: ${name} cannot be read (${String((cause as { code?: unknown }).code)}).`
    throw new CommandError('setting_invalid', message, { cause })
  }
}

/** `too-large	1042`, `{"cause":"too-large","legacyId":"1042"}` or `1042`; none in an empty or last line. */
function idsOf(line: string): readonly string[] {
  if (line === '' || /^\{"end":true,"count":\d+\}$/.test(line)) return []
  const listed = /^(?:too-large|not-found|conflict)\t(.*)$/.exec(line)?.[1]
  if (listed !== undefined) return [listed.startsWith('"') ? (textIn(listed) ?? listed) : listed]
  const found = line.startsWith('{') ? textIn(line) : undefined
  return [found ?? line]
}

function textIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'string') return value
    const { legacyId } = value as { readonly legacyId?: unknown }
    return typeof legacyId === 'string' ? legacyId : undefined
  } catch {
    return undefined
  }
}
