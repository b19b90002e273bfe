import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync, type Message } from 'esbuild'
import type { z } from 'zod'
import type { MigrationConfig } from '../core/migration-config.ts'
import { configSchema } from './config-schema.ts'
import type { Problem } from './problem.ts'

export const configFile = 'migration.config.ts'

/** The config of a project, or everything that is wrong with it. */
export type ConfigResult =
  | { readonly config: MigrationConfig }
  | { readonly problems: readonly Problem[] }

/** Reads `migration.config.ts` as it stands on disk now, whatever was imported before. */
export async function loadMigrationConfig(root: string): Promise<ConfigResult> {
  const file = join(root, configFile)
  if (!existsSync(file)) return { problems: [problem(configFile, 'is missing')] }
  let value: unknown
  try {
    value = await evaluate(file)
  } catch (error) {
    return { problems: [problem(configFile, `cannot be read: ${reasonOf(error)}`)] }
  }
  return checkMigrationConfig(value)
}

/** Checks a config: every mistake names its field and what is allowed there. */
export function checkMigrationConfig(value: unknown): ConfigResult {
  if (value === undefined) {
    return { problems: [problem(configFile, 'must export the config by `export default`')] }
  }
  const result = configSchema.safeParse(value, { reportInput: true })
  if (result.success) return { config: value as MigrationConfig }
  return { problems: result.error.issues.flatMap(problemsOf) }
}

function problemsOf(issue: z.core.$ZodIssue): readonly Problem[] {
  const field = fieldOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem(fieldOf([...issue.path, key]), 'is not a field'))
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  const message = issue.message.startsWith('Invalid input') ? 'must be an object' : issue.message
  return [problem(field, missing ? `is missing: it ${message}` : message)]
}

function fieldOf(path: readonly PropertyKey[]): string {
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
  return field === '' ? configFile : `${configFile}: ${field}`
}

function problem(subject: string, message: string): Problem {
  return { code: 'config_invalid', subject, message }
}

async function evaluate(file: string): Promise<unknown> {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  })
  const text = outputFiles[0]?.text ?? ''
  const module = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)
  return module.default
}

/** esbuild puts what is wrong, and where, into a list; the first line of its message only counts. */
function reasonOf(error: unknown): string {
  const [failure] = (error as { errors?: Message[] } | null)?.errors ?? []
  if (failure !== undefined) {
    const { location, text } = failure
    return location === null ? text : `line ${location.line}: ${text}`
  }
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n', 2)
  return line
}
