import type { DatabaseScriptOutcome } from '../../../actions-testing/runtime.ts'
import type { Services } from '../services.ts'
import type { Connection, JsonObject } from '../state.ts'
import { isObject } from './metadata.ts'
import { log } from './tenant-log.ts'

/** Whether the connection asks its own scripts for users that the tenant does not have yet. */
export function importsUsers(connection: Connection): boolean {
  const { enabledDatabaseCustomization, import_mode } = connection.options
  return enabledDatabaseCustomization === true && import_mode === true
}

/**
 * Runs a custom database script of the connection.
 *
 * @param args What comes before `context` and the callback.
 * @param context Handed over where the connection has `enable_script_context`.
 * @returns How it called back; `none` when the connection has no such script.
 * @see https://auth0.com/docs/authenticate/database-connections/custom-db
 */
export async function runScript(
  { tenant, runtime }: Services,
  connection: Connection,
  script: 'get_user' | 'login',
  args: readonly string[],
  context: JsonObject = {},
): Promise<DatabaseScriptOutcome> {
  const { customScripts, enable_script_context } = connection.options
  const code = isObject(customScripts) ? customScripts[script] : undefined
  if (typeof code !== 'string' || code === '') {
    return { type: 'none', message: `The connection has no ${script} script.` }
  }
  const { outcome } = await runtime.runDatabaseScript({
    script,
    code,
    configuration: configurationOf(connection),
    args: enable_script_context === true ? [...args, context] : args,
  })
  if (outcome.type === 'error' || outcome.type === 'none') {
    const how = outcome.type === 'error' ? outcome.name : 'no callback'
    log(tenant, {
      type: 'w',
      connection_id: connection.id,
      description: `Script ${script} failed: ${how}.`,
    })
  }
  return outcome
}

function configurationOf({ options }: Connection): Readonly<Record<string, string>> {
  if (!isObject(options.configuration)) return {}
  return Object.fromEntries(
    Object.entries(options.configuration).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  )
}
