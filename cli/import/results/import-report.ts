import type { PreparedCounts } from '../import-types.ts'
import type { MarkCounts } from '../marks/mark-imported.ts'
import type { UserRecords } from '../state/user-records.ts'

/** The books of an import, in numbers of users. Of all runs over one source together. */
export interface ImportReport {
  /** read = sent + skipped + dead + unfinished */
  readonly read: number
  /** sent = inserted + updated + failed */
  readonly sent: number
  /** In Auth0 before: marked in the legacy store, found by a job, or imported from another source. */
  readonly skipped: number
  /** Never sent: dead letters of the checks. */
  readonly dead: number
  /** Nobody knows yet, or put back: the next run sends them. */
  readonly unfinished: number
  readonly inserted: number
  readonly updated: number
  /** Refused by Auth0: dead letters too. */
  readonly failed: number
  /** By reason, of dead and failed. */
  readonly reasons: Readonly<Record<string, number>>
  /** Null where nobody was to be marked. */
  readonly marks: MarkCounts | null
  /** Whether the sums come out. They are counted by two sides that do not know of each other. */
  readonly balances: boolean
}

export function importReport(
  prepared: PreparedCounts,
  users: UserRecords,
  marks: MarkCounts | null,
): ImportReport {
  const { alreadyMigrated, failed, inserted, pending, requeued, undone, updated } = users.counts()
  const sent = inserted + updated + failed
  const skipped = alreadyMigrated + users.elsewhere() + prepared.migrated
  const unfinished = pending + requeued + undone
  const { dead, read } = prepared
  const reasons = added(prepared.reasons, users.reasons())
  const balances = read === sent + skipped + dead + unfinished
  const sums = { read, sent, skipped, dead, unfinished, inserted, updated, failed }
  return { ...sums, reasons, marks, balances }
}

function added(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]))
}

/** The report as a table, for people. */
export function reportText(report: ImportReport): string {
  const { dead, failed, inserted, marks, read, reasons, sent, skipped, unfinished, updated } =
    report
  const lines: readonly (readonly [string, number, string])[] = [
    ['read', read, ''],
    ['  sent', sent, ''],
    ['    inserted', inserted, ''],
    ['    updated', updated, ''],
    ['    failed', failed, failed > 0 ? 'in the dead letters' : ''],
    ['  skipped', skipped, skipped > 0 ? 'in Auth0 before' : ''],
    [
      '  dead letters',
      dead,
      dead > 0 ? 'mend them, and import them with --format dead-letters' : '',
    ],
    ['  unfinished', unfinished, unfinished > 0 ? 'run the same command again' : ''],
    ...Object.entries(reasons).map(([name, number]) => [`    ${name}`, number, ''] as const),
    ...(marks === null ? [] : markLines(marks)),
  ]
  const shown = lines.filter(([name, number]) => number > 0 || !name.startsWith('  unfinished'))
  const table = shown.map(([name, number, note]) =>
    `${name.padEnd(34)}${new Intl.NumberFormat('en').format(number).padStart(13)}  ${note}`.trimEnd(),
  )
  const wrong = 'The books do not balance: keep the state file, and tell the makers of this kit.'
  return [...table, ...(report.balances ? [] : [wrong])].join('\n')
}

function markLines(marks: MarkCounts): readonly (readonly [string, number, string])[] {
  const { conflict, failed, marked, notFound, notShown } = marks
  const rows = [
    ['marked in the legacy store', marked, ''],
    ['  marked for another user', conflict, 'look at them'],
    ['  not in the legacy store', notFound, 'look at them'],
    ['  not shown by Auth0', notShown, 'not marked: npx migration import repair'],
    ['  not taken by the legacy API', failed, 'run the same command again'],
  ] as const
  return rows.filter(([, number], position) => position === 0 || number > 0)
}
