import { isDeepStrictEqual } from 'node:util'
import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { databaseNamed } from '../publish/actual.ts'
import type { TargetConnection } from './target.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Gives the connection its configuration, and scripts where some are to change. PATCH replaces all
 * options: those of others are read anew, sent along, and held against what was there.
 *
 * @param scripts Code by slot: `login`, `get_user`. Other slots stay.
 * @throws {CommandError} `proof_failed`; as `succeeded` does.
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/configure-connection-sync-with-auth0
 */
export async function switchConnection(
  tenant: Auth0Tenant,
  { name, configuration }: TargetConnection,
  scripts: Readonly<Record<string, string>>,
): Promise<void> {
  const before = await optionsOf(tenant, name)
  const { id, options } = before
  const wanted = {
    ...options,
    customScripts: { ...objectOf(options.customScripts), ...scripts },
    // What is sealed goes back as it was shown: Auth0 knows its own seal.
    configuration: { ...objectOf(options.configuration), ...configuration },
  }
  const answer = await tenant.manage('PATCH', `connections/${id}`, { options: wanted })
  succeeded(answer, 'PATCH connections')
  const after = await optionsOf(tenant, name)
  const different = differencesOf(wanted, after.options)
  if (different.length === 0) return
  const message = `The connection ${name} is not as it was to be: ${different.join(', ')}. Somebody else may have changed it meanwhile: look at it now.`
  throw new CommandError('proof_failed', message)
}

/** Names of options that differ; of the configuration its names count, since values are sealed. */
function differencesOf(wanted: Members, there: Members): readonly string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(there)])
  return [...names].filter((name) => {
    if (name !== 'configuration') return !isDeepStrictEqual(wanted[name], there[name])
    const keys = [wanted, there].map((options) => Object.keys(objectOf(options[name])).sort())
    return !isDeepStrictEqual(keys[0], keys[1])
  })
}

async function optionsOf(tenant: Auth0Tenant, name: string) {
  const database = await databaseNamed(tenant, name)
  if (database !== null) return { id: database.id, options: database.options }
  throw new CommandError('proof_failed', `The connection ${name} is gone: somebody has deleted it.`)
}

function objectOf(value: unknown): Members {
  return isObject(value) ? value : {}
}
