import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadMigrationConfig } from '../build/migration-config.ts'
import { type Command, type CommandContext, CommandError, type CommandResult } from './command.ts'
import { misused, parseCommandLine } from './command-line.ts'
import { allKinds } from './doctor/all-kinds.ts'
import { type CheckSettings, type PasswordPolicy, passwordPolicies } from './doctor/checks/check.ts'
import { diagnose, type Patient } from './doctor/diagnose.ts'
import { migrations } from './doctor/migrations/find-migration.ts'
import { explain } from './doctor/report/explain.ts'
import { jsonReport } from './doctor/report/json.ts'
import { sarifReport } from './doctor/report/sarif.ts'
import { textReport } from './doctor/report/text.ts'
import { isAtLeast, severities } from './doctor/severity.ts'
import { UnreadableDocument } from './doctor/tenant/located-document.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration doctor [FOLDER | FILE…] [--live] [--source DIR…] [OPTION…]
       npx migration doctor --explain NAME

Says what on a tenant has silently stopped working, or will: Auth0's platform migrations, and the
hygiene of a lazy migration. Reads, and changes nothing. See docs/doctor.md.

  FOLDER, FILE          an export of deploy-cli, or a deploy file; ./tenant.yaml where nothing is named
  --live                the tenant itself, by GETs alone
  --source DIR          the source of applications; may be given more than once
  --users FILE          an export of users (NDJSON, also .gz), for profiles near 10 KB
  --audience ID         the identifier of the legacy API, where the doctor cannot know it
  --legacy-password-policy P   what the legacy store demands: ${passwordPolicies.join(', ')}
  --fail-on SEVERITY    exit 1 from there on: error (default), warning, note, or never
  --explain NAME        prints a migration or a kind of finding in full
  --json, --sarif       print JSON, or SARIF 2.1.0, in place of text

Settings for --live, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, of an
application with read scopes of the Management API; what it lacks is named.

Exit status: 0 nothing as bad as --fail-on, 1 something was, 2 the command line or a setting was wrong.
What could not be checked is told, and is no pass; it does not change the exit status.`

const flag = { type: 'boolean', default: false } as const
const many = { type: 'string', multiple: true, default: [] as string[] } as const
const options = {
  live: flag,
  source: many,
  users: many,
  audience: { type: 'string' },
  'legacy-password-policy': { type: 'string' },
  'fail-on': { type: 'string', default: 'error' },
  explain: { type: 'string' },
  json: flag,
  sarif: flag,
} as const

export const doctorCommand = createDoctor(Date.now)

/** @param now Milliseconds since the epoch: what has ended, and what is still ahead, is of the day. */
export function createDoctor(now: () => number): Command {
  return { usage, run: (args, context) => runDoctor(args, context, now) }
}

async function runDoctor(
  args: readonly string[],
  context: CommandContext,
  now: () => number,
): Promise<CommandResult> {
  const parsed = parseCommandLine({ args: [...args], options, allowPositionals: true }, usage)
  const { values, positionals } = parsed
  const today = new Date(now()).toISOString().slice(0, 10)
  if (values.explain !== undefined) return explained(values.explain, today)
  if (values.json && values.sarif) throw misused('--json and --sarif: give one of them.', usage)
  const failOn = oneOf('--fail-on', values['fail-on'], [...severities, 'never'] as const)
  const patient = patientOf(values, positionals, context)
  const settings = await settingsOf(values, context.cwd, today)
  const diagnosis = await readable(() => diagnose(patient, settings, failOn, context), context)
  const fails = diagnosis.findings.some(
    ({ severity }) => failOn !== 'never' && isAtLeast(severity, failOn),
  )
  return {
    exitStatus: fails ? 1 : 0,
    found: jsonReport(diagnosis),
    text: values.sarif
      ? JSON.stringify(sarifReport(diagnosis, allKinds), null, 2)
      : textReport(diagnosis),
  }
}

function explained(name: string, today: string): CommandResult {
  const kind = [...allKinds, ...migrations].find(({ id }) => id === name)
  if (kind !== undefined) return { exitStatus: 0, found: kind, text: explain(kind, today) }
  const names = [...new Set([...allKinds, ...migrations].map(({ id }) => id))].sort()
  const near = names.filter((one) => one.includes(name) || name.includes(one))
  const list = (near.length > 0 ? near : names).join(', ')
  throw new CommandError('command_line_invalid', `There is no ${name}. There are: ${list}.`)
}

function patientOf(
  values: {
    readonly live: boolean
    readonly source: readonly string[]
    readonly users: readonly string[]
  },
  positionals: readonly string[],
  context: CommandContext,
): Patient {
  const { live, source, users } = values
  const asked = live || source.length > 0 || users.length > 0
  const named = positionals.length > 0 || asked ? positionals : ['tenant.yaml']
  const file = (name: string) => resolve(context.cwd, name)
  for (const name of [...named, ...source, ...users]) {
    if (!existsSync(file(name))) throw misused(`There is no ${name}.`, usage)
  }
  for (const name of source) {
    if (!statSync(file(name)).isDirectory()) throw misused(`${name} is no folder.`, usage)
  }
  return {
    files: named.map((name) => ({
      path: file(name),
      isFolder: statSync(file(name)).isDirectory(),
    })),
    live: live ? tenantOfEnvironment(context) : null,
    sources: source.map(file),
    users: users.map(file),
  }
}

async function settingsOf(
  values: { readonly audience?: string; readonly 'legacy-password-policy'?: string },
  cwd: string,
  today: string,
): Promise<CheckSettings> {
  const { audience, 'legacy-password-policy': policy } = values
  const config = await loadMigrationConfig(cwd)
  return {
    today,
    ...(audience !== undefined && { audience }),
    ...(policy !== undefined && {
      legacyPasswordPolicy: oneOf<PasswordPolicy>(
        '--legacy-password-policy',
        policy,
        passwordPolicies,
      ),
    }),
    connection: 'config' in config ? config.config.connection : null,
    bundle(path) {
      const file = join(cwd, 'dist', path)
      return existsSync(file) ? readFileSync(file, 'utf8') : null
    },
  }
}

function oneOf<Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === given)
  if (word !== undefined) return word
  throw misused(`${option}: ${words.join(', ')}, not ${given}.`, usage)
}

/** A file that was named and cannot be read is a matter of the command line. */
async function readable<Result>(
  read: () => Promise<Result>,
  { signal }: CommandContext,
): Promise<Result> {
  try {
    return await read()
  } catch (cause) {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.', { cause })
    if (!(cause instanceof UnreadableDocument)) throw cause
    throw new CommandError('command_line_invalid', `${cause.file}: ${cause.message}.`, { cause })
  }
}
