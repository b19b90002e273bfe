import type { FindingKind } from '../finding.ts'
import { findMigration } from '../migrations/find-migration.ts'
import type { Migration } from '../migrations/migration.ts'
import { daysLeft } from '../severity.ts'
import { wrap } from './text.ts'

/**
 * How Auth0 changes its platform, as it says today and as it said in 2016.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/migration-process
 * https://github.com/auth0/docs/blob/master/articles/migrations/index.md, as of autumn 2016
 */
const process = [
  'A change is announced with the day on which the old behaviour ends, where Auth0 can say one. New tenants have the new behaviour from the start; a tenant that had the old one keeps it for the time being, behind a toggle (Dashboard, Settings > Advanced > Migrations).',
  'Whoever administers an affected tenant is told by e-mail and in the Dashboard, until the tenant has moved; the use of the old behaviour is in the logs, as type depnote.',
  'Opt in early: the toggle can be turned back while something is mended. On the day itself it is turned for everybody, and goes.',
  'How long that is: in 2016, typically 30 or 90 days by how bad it is; today at least six months where possible, less in an emergency. A vulnerability may be closed at once.',
]

/** An entry in full: what `--explain` prints. */
export function explain(kind: FindingKind, today: string): string {
  const migration = findMigration(kind.id)
  const lines: readonly (readonly [string, string])[] = [
    ['severity', severityText(kind, migration, today)],
    ...(migration === undefined ? [] : datesOf(migration, today)),
    ['why', kind.why],
    ...(migration === undefined ? [] : [['not affected', migration.notAffected] as const]),
    ...(migration === undefined ? [] : [['found by', detectionText(migration)] as const]),
    ['do', kind.remedy],
    ...(migration?.toggle === undefined ? [] : [['toggle', migration.toggle] as const]),
    ['see', kind.link],
  ]
  const margin = ' '.repeat(14)
  return [
    `${kind.title} (${kind.id})`,
    '',
    ...lines.map(([name, text]) => `${name.padEnd(margin.length)}${wrap(text, margin)}`),
    ...(migration === undefined
      ? []
      : ['', 'How Auth0 changes its platform', ...process.map((text) => `  ${wrap(text, '  ')}`)]),
  ].join('\n')
}

function severityText(
  { severity, until }: FindingKind,
  migration: Migration | undefined,
  today: string,
): string {
  const ahead = severity === 'error' && until !== undefined && until > today
  const said = migration?.saidSeverity
  return [
    ahead ? `a warning until ${until}, and an error from then on` : severity,
    ...(said === undefined ? [] : [`(Auth0 said: ${said})`]),
  ].join(' ')
}

function datesOf({ since, until, superseded = [] }: Migration, today: string) {
  const lines: (readonly [string, string])[] = [
    ['since', since ?? 'Auth0 gives no day'],
    [
      'until',
      until === undefined ? 'Auth0 gives no day (TBD)' : `${until}, ${daysLeft(today, until)}`,
    ],
  ]
  for (const { date, what } of superseded) lines.push(['superseded', `${date}: ${what}`])
  return lines
}

const found = {
  code: 'source code (--source, and code in the tenant)',
  log: 'deprecation notices in the logs (--live)',
  settings: 'settings (an export, a deploy file or --live)',
  users: 'an export of users (--users)',
} as const

function detectionText({ detection, undetected }: Migration): string {
  if (detection.length === 0) return `not detected, because ${undetected}`
  return detection.map((one) => found[one]).join('; ')
}
