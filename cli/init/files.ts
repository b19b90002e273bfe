import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkMigrationConfig, configFile } from '../../build/migration-config.ts'
import { CommandError } from '../command.ts'
import type { Answers } from './answers.ts'

export const envFile = '.env.example'

/** A file that `init` writes. */
export interface NewFile {
  readonly name: string
  readonly text: string
}

/** @throws {CommandError} `command_line_invalid`, naming the answer that cannot be. */
export function filesOf({ connection, idPrefix, since }: Answers): readonly NewFile[] {
  const config = { connection, idPrefix, backfill: { since }, claims: [] }
  const checked = checkMigrationConfig(config)
  if ('problems' in checked) {
    const lines = checked.problems.map(({ subject, message }) => `${subject} ${message}`)
    throw new CommandError('command_line_invalid', lines.join('\n'))
  }
  return [
    { name: configFile, text: configText({ connection, idPrefix, since }) },
    { name: envFile, text: envText },
  ]
}

function configText({ connection, idPrefix, since }: Answers): string {
  return `import type { MigrationConfig } from './core/migration-config.ts'

/** The one file to edit. Every mistake in it is an error of \`npm run build\`. No secrets here. */
export default {
  connection: ${quoted(connection)},
  idPrefix: ${quoted(idPrefix)},
  backfill: { since: ${quoted(since)} },
  claims: [],
} satisfies MigrationConfig
`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

const envText = `# Settings of npx migration: copy this file to .env, which git ignores, and fill it in. Then:
#   node --env-file=.env cli/migration.js plan

# The tenant, and a machine-to-machine application of it that may use the Management API.
AUTH0_DOMAIN=
AUTH0_CLIENT_ID=
AUTH0_CLIENT_SECRET=

# The legacy API: its base URL (https), and its identifier in the tenant.
LEGACY_API_URL=
LEGACY_API_AUDIENCE=

# An https URL that ends in /, before the name of every claim. Not of auth0.com.
CLAIM_NAMESPACE=

# Read from the tenant, and not asked of you: ids and secrets of the two machine-to-machine applications.
# Only where it is not https://AUTH0_DOMAIN/oauth/token:
# LEGACY_TOKEN_URL=
`

/**
 * Writes all of them, or none.
 *
 * @throws {CommandError} `file_exists`, `file_not_writable`.
 */
export function writeNewFiles(folder: string, files: readonly NewFile[]): void {
  const there = files.filter(({ name }) => existsSync(join(folder, name)))
  if (there.length > 0) throw alreadyThere(there)
  const written: string[] = []
  for (const { name, text } of files) {
    const file = join(folder, name)
    try {
      // `wx`: one that has come since is not written over either.
      const descriptor = openSync(file, 'wx')
      written.push(file)
      writeFileSync(descriptor, text)
      closeSync(descriptor)
    } catch (cause) {
      for (const one of written) rmSync(one, { force: true })
      const code = String((cause as { readonly code?: unknown }).code)
      throw new CommandError('file_not_writable', `${name} cannot be written (${code}).`, { cause })
    }
  }
}

/** @throws {CommandError} `file_exists`. */
export function assertNew(folder: string, files: readonly string[]): void {
  const there = files.filter((name) => existsSync(join(folder, name)))
  if (there.length > 0) throw alreadyThere(there.map((name) => ({ name })))
}

function alreadyThere(files: readonly Pick<NewFile, 'name'>[]): CommandError {
  const names = files.map(({ name }) => name).join(' and ')
  const message = `${names} ${files.length === 1 ? 'is' : 'are'} here already and stay as they are: edit them, or move them away.`
  return new CommandError('file_exists', message)
}
