import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { Misuse, readCommandLine, type Settings, usage } from './command-line.ts'
import { readFaults } from './faults-file.ts'
import { keepMailIn } from './mail-folder.ts'
import type { DeployClient } from './new-tenant.ts'
import { type RunningTenant, startTenant } from './server.ts'

async function serve({ faultsFile, log, mailFolder, ...settings }: Settings): Promise<void> {
  const faults = faultsFile === undefined ? [] : await readFaults(faultsFile)
  const tenant = await startTenant({
    ...settings,
    faults,
    runtime: (ca) => createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }),
    ...(mailFolder !== undefined && { onMail: keepMailIn(mailFolder) }),
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
    'To publish to it, once what tenant.yaml has between ## is in the environment too:',
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

/** @returns Null when help was asked for, which is printed. */
function readArguments(): Settings | null {
  try {
    const settings = readCommandLine(process.argv.slice(2))
    if (settings === null) console.log(usage)
    return settings
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    console.error(`${error.message}\n\n${usage}`)
    return process.exit(2)
  }
}

const settings = readArguments()
if (settings !== null) {
  await serve(settings).catch((error: unknown) => {
    const code = (error as { readonly code?: unknown } | null)?.code
    const taken = `port ${settings.port === 0 ? 'of the state' : settings.port} is in use`
    console.error(`failed: ${code === 'EADDRINUSE' ? taken : String(error)}`)
    process.exit(1)
  })
}
