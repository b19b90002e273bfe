import { stampKey } from '../core/stamp.ts'
import { type Answer, type Auth0Tenant, isObject, succeeded } from './auth0-tenant.ts'
import type { Command } from './command.ts'
import { confirm, misused, parseCommandLine } from './command-line.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'
import { count, readUserIds } from './user-ids.ts'

const usage = `Usage: npx migration reset USER… [--dry-run] [--yes] [--json]
       npx migration reset - < FILE

Clears app_metadata.${stampKey}, all that the kit remembers of a user, of the Auth0 users named: at
their next login the Actions do their steps again. Nothing else of a user is touched, and nothing in
the legacy store or the old tenant: for that see npx migration unmark.

  USER        an Auth0 user id; - reads them from standard input, one a line. Of an account that is
              linked to another it is the other's: Auth0 finds it by no other, and keeps the stamp there
  --dry-run   change nothing, and count what would be changed
  --yes       do not ask before changing anything
  --json      print { dryRun, users, cleared, unstamped, notFound, failed }, numbers of users

Settings, from the environment: AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, of an application
with the scopes read:users and update:users of the Management API.

Exit status: 0 every user named has no stamp now, 1 one was not found or failed or it was not
confirmed, 2 the command line or a setting was wrong.`

const linkedHint =
  '\nAn account that is linked to another is found by the id of the other: name that one.'

type Outcome = 'cleared' | 'failed' | 'notFound' | 'unstamped'

export const resetCommand: Command = {
  usage,
  async run(args, context) {
    const { values, positionals } = parseCommandLine(
      { args, options, allowPositionals: true },
      usage,
    )
    if (positionals.length === 0) throw misused('Name a user.', usage)
    const tenant = tenantOfEnvironment(context)
    const ids = await readUserIds(positionals, context, usage)
    const dryRun = values['dry-run']
    if (!dryRun && !values.yes) {
      const question = `Clears the stamp of ${count(ids.length, 'user')} of ${tenant.domain}.`
      await confirm(context, question, tenant.domain)
    }
    const outcomes: Outcome[] = []
    for (const id of ids) outcomes.push(await reset(tenant, id, dryRun))
    const number = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length
    const [cleared, unstamped] = [number('cleared'), number('unstamped')]
    const [notFound, failed] = [number('notFound'), number('failed')]
    return {
      exitStatus: notFound + failed === 0 ? 0 : 1,
      found: { dryRun, users: ids.length, cleared, unstamped, notFound, failed },
      text: `${dryRun ? 'To be cleared' : 'Cleared'}: ${cleared}. Without a stamp: ${unstamped}. Not found: ${notFound}. Failed: ${failed}.${notFound === 0 ? '' : linkedHint}`,
    }
  },
}

const flag = { type: 'boolean', default: false } as const
const options = { 'dry-run': flag, yes: flag, json: flag } as const

/** @throws {CommandError} `request_failed` for what would fail with every user alike. */
async function reset(tenant: Auth0Tenant, id: string, dryRun: boolean): Promise<Outcome> {
  const path = `users/${encodeURIComponent(id)}`
  const read = await tenant.manage('GET', `${path}?fields=app_metadata&include_fields=true`)
  if (read.status !== 200) return notDone(read, 'GET users')
  const metadata = isObject(read.body) ? read.body.app_metadata : undefined
  if (!isObject(metadata) || metadata[stampKey] === undefined) return 'unstamped'
  if (dryRun) return 'cleared'
  // PATCH merges the first level of metadata, and null deletes a key.
  // https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
  const answer = await tenant.manage('PATCH', path, { app_metadata: { [stampKey]: null } })
  return answer.status === 200 ? 'cleared' : notDone(answer, 'PATCH users')
}

function notDone(answer: Answer, what: string): 'failed' | 'notFound' {
  if (answer.status === 401 || answer.status === 403) succeeded(answer, what)
  return answer.status === 404 ? 'notFound' : 'failed'
}
