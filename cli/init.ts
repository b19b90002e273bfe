import { configFile } from '../build/migration-config.ts'
import { readSetting } from '../core/settings.ts'
import type { Command, CommandContext } from './command.ts'
import { parseCommandLine } from './command-line.ts'
import { askAnswers, askConnection } from './init/answers.ts'
import { assertNew, envFile, filesOf, writeNewFiles } from './init/files.ts'
import {
  type Proposal,
  proposeByUsers,
  proposeWithoutTenant,
  readUsers,
  usualConnection,
} from './init/proposal.ts'
import { tenantOfEnvironment, tenantSettings } from './tenant-of-environment.ts'

const usage = `Usage: npx migration init [--connection NAME] [--id-prefix PREFIX] [--since DAY]
                          [--dry-run] [--json]

Asks the few questions that a migration begins with, and writes ${configFile} and ${envFile} into this
folder. Never writes over a file.

  --connection NAME   the database connection that migrates (proposed: ${usualConnection})
  --id-prefix PREFIX  what stands before the legacy id in a user's id, after auth0|; '' for nothing
  --since DAY         day or instant (ISO 8601) of the first publish (proposed: today)
  --dry-run           print the files, and write nothing
  --json              print { written, files: [{ name, text }], because }

With AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET in the environment it looks at up to 100 users
of the connection (read:users) to propose a prefix and a day. Where there is no terminal, --id-prefix has
to be given.

Exit status: 0 written, 1 a file is here already, or it failed, 2 the command line or a setting was wrong.`

const flag = { type: 'boolean', default: false } as const
const text = { type: 'string' } as const
const options = {
  connection: text,
  'id-prefix': text,
  since: text,
  'dry-run': flag,
  json: flag,
} as const

export const initCommand: Command = {
  usage,
  async run(args, context) {
    const { values } = parseCommandLine({ args, options }, usage)
    const dryRun = values['dry-run']
    if (!dryRun) assertNew(context.cwd, [configFile, envFile])
    const connection = await askConnection(context, values.connection, usualConnection)
    const proposal = await propose(context, connection, Date.now())
    for (const line of proposal.because) context.say(line)
    const files = filesOf(await askAnswers(context, values, proposal))
    if (!dryRun) writeNewFiles(context.cwd, files)
    const { because } = proposal
    return {
      exitStatus: 0,
      found: { written: !dryRun, files, because },
      text: dryRun
        ? files.map((file) => `--- ${file.name}\n${file.text}`).join('\n')
        : `Written: ${files.map(({ name }) => name).join(', ')}. Next: the claims in ${configFile}, npm run build, npx migration plan.`,
    }
  },
}

/** By the tenant's users where the environment names a tenant that may be looked at. */
async function propose(
  context: CommandContext,
  connection: string,
  now: number,
): Promise<Proposal> {
  const usual = proposeWithoutTenant(now, connection)
  if (tenantSettings.some((name) => readSetting(context.env, name) === undefined)) return usual
  const tenant = tenantOfEnvironment(context)
  const users = await readUsers(tenant, connection)
  if (users !== null) return proposeByUsers(users, connection, now)
  return { ...usual, because: [`${tenant.domain} shows no users: grant read:users for a proposal`] }
}
