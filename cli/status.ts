import type { MigrationConfig } from '../core/migration-config.ts'
import type { Auth0Tenant } from './auth0-tenant.ts'
import type { Command, CommandContext, CommandResult } from './command.ts'
import { misused, parseCommandLine } from './command-line.ts'
import { configOf } from './project-config.ts'
import { historyOf, usualRate } from './status/days.ts'
import { listStuckUsers } from './status/list.ts'
import { connectMigrationSource, type MigrationSource } from './status/migration-source.ts'
import { toPage } from './status/page.ts'
import { readPhaseInForce } from './status/phase-in-force.ts'
import { project } from './status/projection.ts'
import { foundIn, type StatusReport } from './status/report.ts'
import { sample } from './status/sample.ts'
import { readTenantLogs } from './status/tenant-logs.ts'
import { toText } from './status/text.ts'
import { isVerified, type Verification, verifyUsers } from './status/verify.ts'
import { checkPageFile, writePage } from './status/write-page.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration status [--html FILE] [--verify N] [--logins N] [--no-tenant] [--json]
       npx migration status --list [--logins N] [--no-tenant] [--json]

Says how far the migration is: by the numbers and the stream of the legacy API, or an export of the old
tenant, by the tenant's logs, and by users looked up one by one; never by user search. Changes nothing.

  --list       print the users whose migration is not whole, a line each: too-large, not-found or
               conflict, and the legacy id. With --json lines of JSON, the last { end, count }
  --verify N   look up N migrated users, chosen at random, in Auth0: each is there, its stamp agrees
  --html FILE  write the status as a page too: one file, which asks nothing of any server
  --logins N   users to look up for conflicts: those who logged in last (default: 100, at most 1000)
  --no-tenant  ask the source of users only: then no phase, no conflicts, no logs
  --json       print { at, connection, phase, total, migrated, remaining, complete, tooLarge,
               notFound, perDay, usualRate, projection, logs, verification }

Settings, from the environment: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, and an
operator's own client with the scopes read:legacy_users and, for --list and --verify,
export:legacy_users: LEGACY_OPERATOR_CLIENT_ID, LEGACY_OPERATOR_CLIENT_SECRET. Where users come from
another tenant OLD_TENANT_DOMAIN, OLD_TENANT_CLIENT_ID, OLD_TENANT_CLIENT_SECRET, OLD_TENANT_CONNECTION
in the place of all those. AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, with the scopes
read:logs, read:users, read:clients. From migration.config.ts: source, connection, idPrefix,
acceptedPrefixes.

Exit status: 0 it was read, and all who were verified agree, 1 one does not, or it could not be
read, 2 the command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const options = {
  html: { type: 'string' },
  json: flag,
  list: flag,
  logins: { type: 'string', default: '100' },
  'no-tenant': flag,
  verify: { type: 'string' },
} as const

interface Sources {
  readonly source: MigrationSource
  /** Null with --no-tenant. */
  readonly tenant: Auth0Tenant | null
  readonly config: MigrationConfig
  readonly logins: number
}

export const statusCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const { list, html, verify } = values
    if (list && (html ?? verify) !== undefined) {
      throw misused('--list goes without --html and --verify.', usage)
    }
    if (verify !== undefined && values['no-tenant']) {
      throw misused('--verify asks the tenant: leave out --no-tenant.', usage)
    }
    const logins = numberOf('--logins', values.logins, 0, 1_000)
    const size = verify === undefined ? null : numberOf('--verify', verify, 1, 10_000)
    const config = await configOf(context.cwd)
    const source = connectMigrationSource(config, context)
    try {
      const tenant = values['no-tenant'] ? null : tenantOfEnvironment(context)
      const sources = { source, tenant, config, logins }
      if (list) return await listStuckUsers(sources, context, values.json)
      return await report(sources, context, { html, size })
    } finally {
      await source.close()
    }
  },
}

async function report(
  sources: Sources,
  context: CommandContext,
  { html, size }: { readonly html: string | undefined; readonly size: number | null },
): Promise<CommandResult> {
  if (html !== undefined) checkPageFile(context.cwd, html)
  const found = await read(sources, context, size, Date.now())
  if (html !== undefined) writePage(context.cwd, html, toPage(found))
  const { verification } = found
  return {
    exitStatus: verification === null || isVerified(verification) ? 0 : 1,
    found: foundIn(found),
    text: toText(found),
  }
}

async function read(
  { source, tenant, config, logins }: Sources,
  context: CommandContext,
  size: number | null,
  now: number,
): Promise<StatusReport> {
  const { connection } = config
  const counts = await source.counts()
  const history = historyOf(counts.per_day, counts.remaining, now)
  return {
    at: new Date(now).toISOString(),
    connection,
    counts,
    history,
    usualRate: usualRate(history, 7),
    projection: project(history, counts.total),
    phase: tenant === null ? null : await readPhaseInForce(tenant),
    logs: tenant === null ? null : await readTenantLogs(tenant, connection, logins, context),
    verification:
      tenant === null || size === null
        ? null
        : await verify({ source, tenant, config }, size, context),
  }
}

async function verify(
  { source, tenant, config }: Pick<Sources, 'config' | 'source'> & { tenant: Auth0Tenant },
  size: number,
  context: CommandContext,
): Promise<Verification> {
  const chosen = await sample(source.legacyIds({ migrated: true }), size, Math.random)
  return verifyUsers(tenant, chosen, config, context)
}

/** @throws {CommandError} `command_line_invalid`. */
function numberOf(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw misused(`${name} takes a number from ${least} to ${most}.`, usage)
}
