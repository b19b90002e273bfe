import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { MigrationConfig } from '../../core/migration-config.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { connectLegacyOperator } from '../legacy-operator.ts'
import { openOldTenant } from '../old-tenant/open-old-tenant.ts'
import type { ImportOptions } from './import-options.ts'
import { csvColumns } from './mapping/csv-mapping.ts'
import type { RowRules } from './mapping/row-rules.ts'
import { legacyApiLines } from './sources/legacy-api.ts'
import { openLegacyApi, openSource } from './sources/open-source.ts'
import type { Source } from './sources/source.ts'

/** The words for a legacy API and an old tenant in the place of a file. */
const legacyApi = 'legacy-api'
const oldTenant = 'old-tenant'

/** @throws {CommandError} As `openSource` does, `connectLegacyOperator` and `openOldTenant`. */
export async function openRows(
  options: ImportOptions,
  config: MigrationConfig,
  context: CommandContext,
  folder: string,
): Promise<Source> {
  if (options.source === oldTenant) {
    return openOldTenant(config, options.passwords, context, folder)
  }
  if (options.source === legacyApi) {
    const lines = legacyApiLines(connectLegacyOperator(context), context.signal)
    return openLegacyApi(lines, folder)
  }
  const path = options.source === '-' ? '-' : resolve(context.cwd, options.source)
  const { format, csvDelimiter } = options
  const { signal } = context
  return openSource({ path, input: process.stdin, format, csvDelimiter, folder, signal })
}

/**
 * What the state tells sources by: a failed user of the same one is not sent again. A file that was
 * changed is another one, and so is each stream: nobody knows whether it says the same again. So is a
 * file that is read in another way: of its rows others are dead, and one book would hold both.
 */
export async function sourceName(
  options: ImportOptions,
  { cwd }: CommandContext,
  now: number,
): Promise<string> {
  const { source } = options
  const path = resolve(cwd, source)
  const isStream = ['-', legacyApi, oldTenant].includes(source)
  const file = isStream ? null : await stat(path).catch(() => null)
  if (file?.isFile() !== true) return `${source} ${new Date(now).toISOString()}`
  const ways = waysOf(options)
  return [path, file.size, file.mtimeMs, ...ways].join(' ')
}

/** Of the options those that change what becomes of a row, where they are given. */
function waysOf(options: ImportOptions): readonly string[] {
  const { csvDelimiter, csvMapping, format } = options
  const { dropForbiddenKeys, dropLargeMetadata, withoutPasswords } = options
  const ways = [
    format,
    csvDelimiter !== ',' && csvDelimiter,
    csvMapping,
    withoutPasswords && 'without-passwords',
    dropForbiddenKeys && 'drop-forbidden-keys',
    dropLargeMetadata && 'drop-large-metadata',
  ]
  return ways.filter((way) => typeof way === 'string')
}

/** @throws {CommandError} `setting_invalid` for a CSV mapping that does not fit. */
export async function rowRules(
  options: ImportOptions,
  source: Source,
  { config, cwd, now }: { config: MigrationConfig; cwd: string; now: number },
): Promise<RowRules> {
  const { connection, idPrefix, requiresUsername, allowMissingMfa } = config
  const { csvDelimiter, withoutPasswords, dropForbiddenKeys, dropLargeMetadata } = options
  const csvMapping = await mappingIn(options.csvMapping, cwd)
  return {
    format: source.format,
    profile: {
      ...{ connection, idPrefix },
      ...(requiresUsername !== undefined && { requiresUsername }),
      ...(allowMissingMfa !== undefined && { allowMissingMfa }),
    },
    ...columnsOf(source.header, csvMapping, csvDelimiter),
    at: new Date(now).toISOString(),
    ...{ csvMapping, csvDelimiter, withoutPasswords, dropForbiddenKeys, dropLargeMetadata },
  }
}

function columnsOf(header: string | undefined, mapping: unknown, delimiter: string) {
  if (header === undefined) return {}
  const [names = []] = parse(header, { delimiter }) as unknown as readonly (readonly string[])[]
  return { columns: csvColumns(names, mapping), width: names.length }
}

/** @throws {CommandError} `setting_invalid` */
export async function mappingIn(file: string | undefined, cwd: string): Promise<unknown> {
  if (file === undefined) return undefined
  try {
    return JSON.parse(await readFile(resolve(cwd, file), 'utf8')) as unknown
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is no JSON' : 'cannot be read'
    throw new CommandError('setting_invalid', `--csv-mapping: the file ${why}.`, { cause })
  }
}
