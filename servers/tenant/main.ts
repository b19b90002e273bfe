import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import type { DeployClient } from './new-tenant.ts'
import { limitsOf, type Plan } from './rate-limit-plans.ts'
import { type RunningTenant, startTenant } from './server.ts'

const usage = `Usage: node servers/tenant/main.ts [--port PORT] [--state FILE] [--plan PLAN] [--log]

Serves a stand-in tenant on 127.0.0.1 over TLS, until SIGTERM or SIGINT: the parts of Auth0's
Management and Authentication APIs that deploy-cli, an OIDC client and a login page need. Bundles run
in worker threads. It is no place for strangers' code or for real users.

  --port PORT   port to listen on; 0, the default, for a free one, or that of the state
  --state FILE  keep the tenant in FILE, keys and passwords' hashes included, and go on from there;
                without it the tenant is empty, and gone when it stops
  --plan PLAN   limit the Management API as Auth0 limits that of ${Object.keys(limitsOf).join(', ')};
                without it there are no limits
  --log         print one line of JSON a request: method, route, status
  --help        print this

Prints the domain, the file with the certificate to trust, and the file with the credentials of the
application that deploy-cli publishes with; only you can read that one. Both files go when it stops.

Exit status: 0 stopped by a signal, 1 failed, 2 the command line was wrong.`

interface Settings {
  readonly port: number
  readonly log: boolean
  readonly stateFile?: string
  readonly plan?: Plan
}

async function serve({ log, ...settings }: Settings): Promise<void> {
  const tenant = await startTenant({
    ...settings,
    runtime: (ca) => createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }),
    ...(log && { onRequest: (entry) => console.log(JSON.stringify(entry)) }),
  })
  const credentials = await writeCredentials(tenant.deployClient)
  // Before anybody is told that it runs, and may end it.
  const signalled = nextSignal()
  console.log(introduction(tenant, credentials.file))
  await signalled
  await credentials.remove()
  await tenant.close()
}

function introduction({ domain, caFile }: RunningTenant, credentialsFile: string): string {
  return [
    `AUTH0_DOMAIN         ${domain}`,
    `NODE_EXTRA_CA_CERTS  ${caFile}`,
    `credentials          ${credentialsFile}`,
    '',
    'To publish to it:',
    `  set -a; . ${credentialsFile}; set +a`,
    `  AUTH0_DOMAIN=${domain} NODE_EXTRA_CA_CERTS=${caFile} npx a0deploy import -i tenant.yaml`,
  ].join('\n')
}

/** Never printed, and never an argument: in a file that a shell can read, and nobody else. */
async function writeCredentials({ client_id, client_secret }: DeployClient) {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-tenant-'))
  const file = join(folder, 'credentials.env')
  const text = `AUTH0_CLIENT_ID=${client_id}\nAUTH0_CLIENT_SECRET=${client_secret}\n`
  await writeFile(file, text, { mode: 0o600 })
  return { file, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A Ctrl-C by way of npm comes twice: the second must not end what tidies up. */
function nextSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })
}

/** @returns Null when help was asked for. */
function readArguments(): Settings | null {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean' },
        log: { type: 'boolean', default: false },
        plan: { type: 'string' },
        port: { type: 'string', default: '0' },
        state: { type: 'string' },
      },
    })
    const { help, log, plan, port, state } = values
    if (help) return null
    const known = plan === undefined || isPlan(plan)
    if (known && state !== '' && /^\d{1,5}$/.test(port) && Number(port) < 65_536) {
      return {
        port: Number(port),
        log,
        ...(state !== undefined && { stateFile: state }),
        ...(plan !== undefined && { plan }),
      }
    }
  } catch {
    // Said below.
  }
  console.error(usage)
  return process.exit(2)
}

function isPlan(text: string): text is Plan {
  return Object.hasOwn(limitsOf, text)
}

const settings = readArguments()
if (settings === null) {
  console.log(usage)
} else {
  await serve(settings).catch((error: unknown) => {
    const code = (error as { readonly code?: unknown } | null)?.code
    const taken = `port ${settings.port === 0 ? 'of the state' : settings.port} is in use`
    console.error(`failed: ${code === 'EADDRINUSE' ? taken : String(error)}`)
    process.exit(1)
  })
}
