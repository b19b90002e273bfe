import type { ParseArgsConfig } from 'node:util'
import { CommandError } from '../command.ts'
import { misused, parseCommandLine } from '../command-line.ts'
import type { OnExisting, SourceFormat } from './import-types.ts'
import { usualStateFile } from './state/import-state.ts'

export const usage = `Usage: npx migration import SOURCE [OPTION…]
       npx migration import undo | repair | assign | memberships … (each has its own --help)

Moves the users who are left into Auth0 by its bulk import. Every row is read, mapped and checked before
the first job is sent; what cannot be imported goes to a file of dead letters, which is a source itself
once it is mended. The same command again goes on where it was interrupted. docs/import.md says more.

  SOURCE                a file (gzip or not); - for standard input, with --yes; legacy-api: the users
                        whom the legacy API has and who have no mark; or old-tenant: those whom the old
                        tenant exports, of OLD_TENANT_CONNECTION and without a mark
  --format FORMAT       ndjson, json-array, csv, auth0-export or dead-letters (default: by what is in it)
  --csv-mapping FILE    JSON: members of a user to columns (default: the header names the members)
  --csv-delimiter C     what parts cells (default: a comma)
  --on-existing WHAT    skip or upsert a user whom Auth0 has (default: skip)
  --metadata WHAT       merge or replace, of an upsert: what Auth0 has wins, or is lost
  --passwords FILE      of old-tenant: the hashes that Auth0's support handed out, decrypted (NDJSON)
  --without-passwords   import rows that have no hash too: those users have to reset their password
  --drop-forbidden-keys leave metadata keys behind that Auth0 forbids, as login does
  --drop-large-metadata leave metadata, names or picture behind that take a profile over 9,000 bytes,
                        as login does
  --while-lazy          import although the phase is lazy
  --no-marks            mark nobody in the legacy store: for one that is gone
  --dead-letters FILE   where to write them (default: dead-letters-TIME.ndjson; never written over)
  --state FILE          what is known of the import (default: ${usualStateFile})
  --temp FOLDER         where rows wait, twice the source in size (default: the folder of the state)
  --settle-after SECS   of a job whose answer was lost: how long the tenant's logs may be silent about it
                        before its users are sent again (default: 900); without the scope read:logs it
                        is waited for until it has to be over, two hours
  --dry-run             do everything but send
  --yes                 do not ask before sending
  --json                print { read, sent, skipped, dead, unfinished, inserted, updated, failed,
                        reasons, marks, balances, dead_letters }; of a dry run { dry_run, read, users,
                        migrated, dead, reasons, jobs, bytes, hours, dead_letters }

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET (scopes create:users,
read:users, read:connections, read:connections_options, read:clients; read:logs finds jobs whose answer
was lost). For marks and for legacy-api:
LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, and an operator's own client with the scopes
update:legacy_users and export:legacy_users: LEGACY_OPERATOR_CLIENT_ID, LEGACY_OPERATOR_CLIENT_SECRET.
For old-tenant: OLD_TENANT_DOMAIN, OLD_TENANT_CLIENT_ID, OLD_TENANT_CLIENT_SECRET, OLD_TENANT_CONNECTION.

Exit status: 0 every user is in Auth0 and marked, 1 there are dead letters, unfinished users or some
without their mark, or it failed, 2 the command line or a setting was wrong.`

export interface ImportOptions {
  readonly source: string
  readonly format: SourceFormat | undefined
  readonly csvMapping: string | undefined
  readonly csvDelimiter: string
  readonly onExisting: OnExisting
  readonly merge: boolean
  /** File of the old tenant's hashes. */
  readonly passwords: string | undefined
  readonly withoutPasswords: boolean
  readonly dropForbiddenKeys: boolean
  readonly dropLargeMetadata: boolean
  readonly whileLazy: boolean
  readonly marks: boolean
  readonly deadLetters: string | undefined
  readonly state: string
  readonly temp: string | undefined
  /** Milliseconds. */
  readonly settleAfter: number
  readonly dryRun: boolean
  readonly yes: boolean
}

const flag = { type: 'boolean', default: false } as const
const text = { type: 'string' } as const
const options = {
  format: text,
  'csv-mapping': text,
  'csv-delimiter': { type: 'string', default: ',' },
  'on-existing': { type: 'string', default: 'skip' },
  metadata: text,
  passwords: text,
  'without-passwords': flag,
  'drop-forbidden-keys': flag,
  'drop-large-metadata': flag,
  'while-lazy': flag,
  'no-marks': flag,
  'dead-letters': text,
  state: { type: 'string', default: usualStateFile },
  temp: text,
  'settle-after': { type: 'string', default: '900' },
  'dry-run': flag,
  yes: flag,
  json: flag,
} as const satisfies ParseArgsConfig['options']

const formats = ['auth0-export', 'csv', 'dead-letters', 'json-array', 'ndjson'] as const

/** @throws {CommandError} `command_line_invalid` */
export function readImportOptions(args: readonly string[]): ImportOptions {
  const config = { args: [...args], options, allowPositionals: true } as const
  const { values, positionals } = parseCommandLine(config, usage)
  const [source, ...others] = positionals
  if (source === undefined || others.length > 0) throw misused('Name one SOURCE.', usage)
  const format = formats.find((known) => known === values.format)
  if (values.format !== undefined && format === undefined) {
    throw misused(`--format takes ${formats.join(', ')}.`, usage)
  }
  if (values.passwords !== undefined && source !== 'old-tenant')
    throw misused('--passwords goes with the source old-tenant.', usage)
  if (source === '-' && !values.yes && !values['dry-run'])
    throw misused('- goes with --yes: standard input has the rows, and no answer.', usage)
  if (!/^[^"\r\n]$/u.test(values['csv-delimiter']))
    throw misused('--csv-delimiter takes one character, and no quote or line break.', usage)
  return {
    ...{ source, format },
    ...existingOptions(values['on-existing'], values.metadata),
    csvMapping: values['csv-mapping'],
    csvDelimiter: values['csv-delimiter'],
    passwords: values.passwords,
    withoutPasswords: values['without-passwords'],
    dropForbiddenKeys: values['drop-forbidden-keys'],
    dropLargeMetadata: values['drop-large-metadata'],
    whileLazy: values['while-lazy'],
    marks: !values['no-marks'],
    deadLetters: values['dead-letters'],
    settleAfter: millisecondsOf(values['settle-after']),
    ...{ state: values.state, temp: values.temp, dryRun: values['dry-run'], yes: values.yes },
  }
}

function millisecondsOf(seconds: string): number {
  if (/^\d{1,6}$/.test(seconds)) return Number(seconds) * 1_000
  throw misused('--settle-after takes seconds.', usage)
}

function existingOptions(onExisting: string, metadata: string | undefined) {
  if (onExisting !== 'skip' && onExisting !== 'upsert') {
    throw misused('--on-existing takes skip or upsert.', usage)
  }
  if (metadata !== undefined && metadata !== 'merge' && metadata !== 'replace') {
    throw misused('--metadata takes merge or replace.', usage)
  }
  if (onExisting === 'upsert' && metadata === undefined) {
    // https://auth0.com/docs/manage-users/user-migration/bulk-user-imports
    const message =
      'An upsert replaces the metadata of users whom Auth0 has, and what was written there since is lost. Give --metadata merge, which asks for every user first, or --metadata replace.'
    throw new CommandError('command_line_invalid', message)
  }
  if (onExisting === 'skip' && metadata !== undefined) {
    throw misused('--metadata goes with --on-existing upsert.', usage)
  }
  return { onExisting, merge: metadata === 'merge' } as const
}
