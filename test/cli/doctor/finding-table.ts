import { allKinds } from '../../../cli/doctor/all-kinds.ts'
import { checks } from '../../../cli/doctor/checks/all-checks.ts'
import { findMigration, migrations } from '../../../cli/doctor/migrations/find-migration.ts'

const bySettings = new Set(checks.map(({ kind }) => kind.id))

/** The tables at the end of docs/doctor.md, as the code would write them. */
export function findingTable(): string {
  const rows = allKinds.map(({ id, severity, title, until }) => {
    const found = findMigration(id)?.detection ?? [bySettings.has(id) ? 'settings' : ofCode(id)]
    return `| \`${id}\` | ${severity} | ${title} | ${[...found].sort().join(', ')} | ${until ?? ''} |`
  })
  const unseen = migrations.flatMap(({ id, title, undetected, until }) =>
    undetected === undefined ? [] : [`| \`${id}\` | ${title} | ${until ?? ''} | ${undetected} |`],
  )
  return [
    '| id | severity | what | found in | ends, or ended |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '## Not detected',
    '',
    'Rows of the table that nothing shows which the doctor reads.',
    '',
    '| id | what | ends, or ended | because |',
    '|---|---|---|---|',
    ...unseen.sort(),
  ].join('\n')
}

function ofCode(id: string): string {
  return id === 'deprecation-notice' ? 'log' : 'code'
}
