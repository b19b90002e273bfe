import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import type { DeployClient } from './new-tenant.ts'
import { type RunningTenant, startTenant } from './server.ts'

const usage = `Usage: node servers/tenant/main.ts [--port PORT] [--log]

Serves an empty stand-in tenant on 127.0.0.1 over TLS, until SIGTERM or SIGINT: the parts of Auth0's
Management and Authentication APIs that deploy-cli, an OIDC client and a login page need. Bundles run
in worker threads. Everything is in memory. It is no place for strangers' code or for real users.

  --port PORT  port to listen on; 0, the default, for a free one
  --log        print one line of JSON a request: method, route, status
  --help       print this

Prints the domain, the file with the certificate to trust, and the file with the credentials of the
application that deploy-cli publishes with; only you can read that one. Both files go when it stops.

Exit status: 0 stopped by a signal, 1 failed, 2 the command line was wrong.`

async function serve(port: number, log: boolean): Promise<void> {
  const tenant = await startTenant({
    port,
    runtime: (ca) => createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }),
    ...(log && { onRequest: (entry) => console.log(JSON.stringify(entry)) }),
  })
  const credentials = await writeCredentials(tenant.deployClient)
  console.log(introduction(tenant, credentials.file))
  await nextSignal()
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

function nextSignal(): Promise<unknown> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean' },
        log: { type: 'boolean' },
        port: { type: 'string', default: '0' },
      },
    })
    if (/^\d{1,5}$/.test(values.port) && Number(values.port) < 65_536) return values
  } catch {
    // Said below.
  }
  console.error(usage)
  return process.exit(2)
}

const { help = false, log = false, port } = readArguments()
if (help) {
  console.log(usage)
} else {
  await serve(Number(port), log).catch((error: unknown) => {
    const code = (error as { readonly code?: unknown } | null)?.code
    console.error(`failed: ${code === 'EADDRINUSE' ? `port ${port} is in use` : String(error)}`)
    process.exit(1)
  })
}
