import { type ParseArgsConfig, parseArgs } from 'node:util'
import { isSafeUrl, readSetting } from '../core/settings.ts'
import { type CommandContext, CommandError } from './command.ts'

/** @throws {CommandError} `command_line_invalid`, with the usage. */
export function parseCommandLine<Config extends ParseArgsConfig>(
  config: Config,
  usage: string,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw misused(error instanceof Error ? error.message : String(error), usage)
  }
}

export function misused(message: string, usage: string): CommandError {
  return new CommandError('command_line_invalid', `${message}\n\n${usage}`)
}

/**
 * Reads settings from the environment.
 *
 * @throws {CommandError} `setting_missing`, naming every one that is.
 */
export function readSettings<Name extends string>(
  env: CommandContext['env'],
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const values = names.map((name) => [name, readSetting(env, name)] as const)
  const missing = values.filter(([, value]) => value === undefined).map(([name]) => name)
  if (missing.length > 0) {
    throw new CommandError('setting_missing', `Set in the environment: ${missing.join(', ')}.`)
  }
  return Object.fromEntries(values) as Record<Name, string>
}

/** @throws {CommandError} `setting_invalid`; the value is not repeated. */
export function checkUrls(settings: Readonly<Record<string, string>>): void {
  const wrong = Object.entries(settings).filter(([, url]) => !isSafeUrl(url))
  if (wrong.length === 0) return
  const names = wrong.map(([name]) => name).join(', ')
  const rule = 'it has to be an https URL (http on this machine only)'
  throw new CommandError('setting_invalid', `${names}: ${rule}.`)
}

/**
 * @param name What to call it in the error: `AUTH0_DOMAIN`, `--domain`.
 * @returns A host, with its port where it has one, in lower case.
 * @throws {CommandError} `setting_invalid`.
 */
export function checkDomain(name: string, domain: string): string {
  const host = domain.trim().toLowerCase()
  if (/^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?$/.test(host)) return host
  const rule = 'it has to be a host name alone, such as example.eu.auth0.com'
  throw new CommandError('setting_invalid', `${name}: ${rule}.`)
}

/**
 * @param expected What the person has to type.
 * @throws {CommandError} `not_confirmed`; and also where there is nobody to ask.
 */
export async function confirm(
  { ask }: CommandContext,
  question: string,
  expected: string,
): Promise<void> {
  const answer = await ask(`${question} Type ${expected} to go on: `)
  if (answer?.trim() === expected) return
  const why = answer === null ? 'There is no terminal to ask at: give --yes.' : 'Nothing was done.'
  throw new CommandError('not_confirmed', why)
}
