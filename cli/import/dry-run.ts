import type { CommandResult } from '../command.ts'
import type { DeadLetterFile } from './dead-letter-file.ts'
import type { PreparedImport } from './import-types.ts'

/**
 * Users an hour, of two jobs at a time of full files on Auth0's fastest plan.
 * https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
 */
const usersAnHour = 400_000

/** Packs every job file and sends none. */
export async function dryRun(
  { files, counts }: PreparedImport,
  letters: DeadLetterFile,
): Promise<CommandResult> {
  let [jobs, bytes] = [0, 0]
  for await (const { body, release } of files) {
    jobs += 1
    bytes += body.length
    release?.()
  }
  const { read, packed: users, migrated, dead, reasons } = counts()
  const hours = Math.ceil((users / usersAnHour) * 10) / 10
  const deadLetters = letters.letters > 0 ? letters.path : null
  const sums = { read, users, migrated, dead, reasons, jobs, bytes, hours }
  return {
    exitStatus: dead === 0 ? 0 : 1,
    found: { dry_run: true, ...sums, dead_letters: deadLetters },
    text: textOf([
      ['read', read, ''],
      ['  would be sent', users, `in ${number(jobs)} jobs of ${number(bytes)} bytes together`],
      ['  in Auth0 before', migrated, ''],
      ['  dead letters', dead, deadLetters ?? ''],
      ...Object.entries(reasons).map(([reason, rows]) => [`    ${reason}`, rows, ''] as const),
      [
        'hours, at the least',
        hours,
        `at ${number(usersAnHour)} users an hour, Auth0's fastest plan`,
      ],
    ]),
  }
}

function textOf(lines: readonly (readonly [string, number, string])[]): string {
  return [
    'Dry run: nothing was sent.',
    ...lines.map(([name, value, note]) =>
      `${name.padEnd(34)}${number(value).padStart(13)}  ${note}`.trimEnd(),
    ),
  ].join('\n')
}

function number(value: number): string {
  return new Intl.NumberFormat('en').format(value)
}
