import type { Command } from './command.ts'
import { parseCommandLine } from './command-line.ts'
import { projectOf } from './old-tenant/old-tenant-project.ts'
import { planText } from './publish/plan-text.ts'
import { prepare } from './publish/prepare.ts'
import { tenantOfEnvironment } from './tenant-of-environment.ts'

const usage = `Usage: npx migration plan [--old-tenant] [--exit-code] [--json]

Says what npx migration publish would change on the tenant, and changes nothing: code, runtime, secrets
by name, bindings, connection, applications, API, grants. It warns of what people would notice.

  --old-tenant  plan tenant.old.yaml, for the tenant that the users are in: AUTH0_… are its, and
                OLD_TENANT_CONNECTION names the connection they are in
  --exit-code   exit with 1 when there is anything to change, for CI
  --json        print { domain, phase, changes, warnings: [{ code, message }] }

Run it in the folder of tenant.yaml, after npm run build. Settings, from the environment: AUTH0_DOMAIN,
AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET; LEGACY_API_URL, LEGACY_API_AUDIENCE, CLAIM_NAMESPACE. The rest is
read from the tenant. MIGRATION_PHASE changes the phase; without it the tenant's stays.

Scopes: read:actions, read:clients, read:client_keys, read:client_grants, read:connections,
read:connections_options, read:resource_servers; and for the warnings read:tenant_settings, read:users,
read:logs.

Exit status: 0 planned, 1 something to change (with --exit-code) or failed, 2 the command line or a
setting was wrong.`

const flag = { type: 'boolean', default: false } as const

export const planCommand: Command = {
  usage,
  async run(args, context) {
    const options = { 'old-tenant': flag, 'exit-code': flag, json: flag } as const
    const { values } = parseCommandLine({ args, options }, usage)
    const tenant = tenantOfEnvironment(context)
    context.say(`Reading ${tenant.domain} …`)
    const project = await projectOf(context, values['old-tenant'])
    const { plan } = await prepare(tenant, project, context)
    const found = plan.changes.length > 0 && values['exit-code']
    return { exitStatus: found ? 1 : 0, found: plan, text: planText(plan, project) }
  },
}
