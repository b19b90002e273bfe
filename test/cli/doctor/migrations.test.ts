import { expect, test } from 'vitest'
import { activeMigrations } from '../../../cli/doctor/migrations/active.ts'
import { findMigration, migrations } from '../../../cli/doctor/migrations/find-migration.ts'
import { migrationsOf2016 } from '../../../cli/doctor/migrations/of-2016.ts'
import { checks as codeChecks } from '../../../cli/doctor/source/checks/all-checks.ts'
import { packageFindings } from '../../../cli/doctor/source/library-versions.ts'
import { undetected, unreadMigrations } from '../../../cli/doctor/unread.ts'

const day = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/

test('migrations: every name is one, and every date a day', () => {
  expect(new Set(migrations.map(({ id }) => id)).size).toBe(migrations.length)
  for (const { id, since, until, superseded = [], link, title } of migrations) {
    expect(id).toMatch(/^[a-z\d]+(-[a-z\d]+)*$/)
    expect(title).not.toMatch(/\.$/)
    expect(link).toMatch(/^https:\/\//)
    for (const date of [since, until]) if (date !== undefined) expect(date, id).toMatch(day)
    for (const { date } of superseded) expect(date, id).toMatch(/^TBD$|^\d{4}-\d\d-\d\d$/)
    if (since !== undefined && until !== undefined) expect(since <= until, id).toBe(true)
  }
})

test('migrations: a row is detected by something, or says why by nothing; a notice is of a log', () => {
  for (const { id, detection, undetected: why, notice } of migrations) {
    expect(why === undefined, id).toBe(detection.length > 0)
    expect(notice !== undefined, id).toBe(detection.includes('log'))
  }
})

test('migrations: the six of 2016 are there, with severity and dates of that page', () => {
  expect(
    migrationsOf2016.map(({ id, saidSeverity, since, until }) => [id, saidSeverity, since, until]),
  ).toEqual([
    ['delete-all-users-endpoint', 'Low', undefined, '2016-09-13'],
    ['idp-access-tokens', 'Medium', '2016-07-11', '2016-08-08'],
    ['tokeninfo-validation', 'Low', undefined, '2016-06-01'],
    ['email-from-address', 'Medium', '2016-04-20', '2016-04-27'],
    ['email-template-customization', 'Medium', '2016-07-21', '2016-08-29'],
    ['vulnerable-password-flow', 'Medium', '2016-03-22', '2017-02-01'],
  ])
})

test('migrations: the active list is Auth0’s of August 2026, with its dates', () => {
  expect(activeMigrations.map(({ id, since, until }) => `${id} ${since} ${until}`).sort()).toEqual(
    [
      'azure-ad-v1-extended-attributes 2025-06-18 2025-09-01',
      'brute-force-unblock-email 2025-06-09 2025-12-09',
      'connection-enabled-clients 2026-01-13 2026-07-13',
      'connection-options-scopes 2024-10-24 2025-07-08',
      'connections-offset 2025-04-29 2025-10-27',
      'event-request-properties 2025-06-18 2025-09-16',
      'from-sandbox-field 2025-06-11 2025-12-11',
      'node-12-and-16 2025-02-10 2025-08-15',
      'non-wcag-universal-login 2024-08-23 2025-07-31',
      'one-action-per-custom-provider 2025-06-16 2025-12-16',
      'organization-prompt-without-sso 2025-10-31 2026-05-01',
      'private-key-jwt-audience 2025-10-06 2026-04-08',
      'rules-and-hooks 2023-05-16 2026-11-18',
      'smtp-host-without-password 2025-05-13 2025-11-13',
      'third-party-enhanced-security 2026-04-23 2026-10-23',
      'unconfirmed-non-verifiable-callbacks 2025-10-28 2026-04-28',
      'uncapped-user-profiles 2026-08-04 2027-03-04',
      'weak-tls-ciphers 2025-12-10 2026-06-10',
      'webtask-logs-extension 2025-06-18 2025-09-16',
    ].sort(),
  )
})

test('migrations: what code is to show has a detector of code, and no other has', () => {
  const byManifest = ['auth0-lock', 'angular-auth0'].flatMap((name) =>
    packageFindings(name, '1.0.0').map(({ kind }) => kind.id),
  )
  const shown = new Set([...codeChecks.map(({ kind }) => kind.id), ...byManifest])
  for (const { id, detection } of migrations) {
    expect(detection.includes('code'), id).toBe(shown.has(id))
  }
})

test('unreadMigrations: what nobody gave to read is not checked, and what was given is', () => {
  const nothing = { settings: false, code: false, log: false, users: false }
  const all = { settings: true, code: true, log: true, users: true }
  const ids = (inputs: typeof nothing) => new Set(unreadMigrations(inputs).map(({ id }) => id))
  expect(ids(nothing)).toEqual(new Set(migrations.map(({ id }) => id)))
  const rest = unreadMigrations(all)
  expect(rest.map(({ id }) => findMigration(id)?.detection)).toEqual(rest.map(() => []))
  expect(rest.every(({ because }) => because.startsWith(undetected))).toBe(true)
})
