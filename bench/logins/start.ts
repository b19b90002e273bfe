import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Addresses } from '../legacy-side/behaviour.ts'
import { startChild } from '../long-lived-child.ts'
import type { Target } from '../rounds.ts'
import type { Job, JobReport, Setup } from './job.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))

/** A warm instance of Auth0's runtime, in a process of its own. */
export interface Instance {
  /** One job at a time. */
  logIn(job: Job): Promise<JobReport>
  stop(): Promise<void>
}

export interface InstanceOptions {
  readonly target: Target
  readonly addresses: Addresses
  /** True: the legacy API and the tenant are behind TLS and the network; else the API is plain HTTP. */
  readonly far?: boolean
  readonly newConnections?: boolean
}

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { target, addresses, far = false, newConnections = false } = options
  // Node reads it when it starts, from a file only.
  const folder = mkdtempSync(join(tmpdir(), 'migration-bench-'))
  const authority = join(folder, 'certificate.pem')
  writeFileSync(authority, addresses.certificate)
  const [child] = await startChild(program, { NODE_EXTRA_CA_CERTS: authority })
  const secrets = secretsFor(addresses, far)
  await child.ask({ files: target.files, secrets, newConnections } satisfies Setup)
  return {
    logIn: async (job) => (await child.ask(job)) as JobReport,
    async stop() {
      await child.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function secretsFor({ plain, tls, far }: Addresses, isFar: boolean) {
  return {
    // The SDK knows nothing but https, and so has the token endpoint of a tenant.
    AUTH0_DOMAIN: new URL(isFar ? far : tls).host,
    LEGACY_API_URL: isFar ? far : plain,
    LEGACY_API_AUDIENCE: 'https://legacy-api.example.com/',
    LEGACY_TOKEN_URL: `${isFar ? far : tls}/oauth/token`,
    LEGACY_ACTIONS_CLIENT_ID: 'Jb8UbZ0ZoSvWdWKYbQ5tKBqk0g1RmrYF',
    LEGACY_ACTIONS_CLIENT_SECRET: 'not-a-secret',
    CLAIM_NAMESPACE: 'https://example.com/',
    MIGRATION_PHASE: 'lazy',
  }
}
