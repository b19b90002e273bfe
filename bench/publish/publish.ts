import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Figure } from '../figure.ts'
import { ratio } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { median } from '../statistics.ts'
import { type BigTenant, startBigTenant } from './big-tenant.ts'
import { projectFolder, root } from './project-folder.ts'

const execute = promisify(execFile)

/** Rounds. deploy-cli takes ten seconds for each. */
const mostRounds = 3

/** Publishing, against the deploy-cli that it wraps. */
export const publishSection: Section = {
  name: 'publish',
  title: 'Publishing',
  note: 'npx migration publish of a tenant that is up to date, and a0deploy import of the same: the stand-in with 250 connections and 100 Actions, on loopback. The import is spared its compilation of a schema for prompts, which takes it twenty seconds more.',
  measure,
}

async function measure({ rounds, progress }: Bench): Promise<readonly Figure[]> {
  const project = await projectFolder()
  // One for each: an import sets every secret anew, and then there is something to publish.
  const tenants = [await startBigTenant(), await startBigTenant()] as const
  const [ours, rivals] = tenants.map((tenant) => {
    return { tenant, folder: project.folder, env: environmentOf(tenant) }
  }) as [Run, Run]
  try {
    progress('publishes for the first time')
    for (const run of [ours, rivals]) await migration(run, ['publish', '--yes'])
    const requests = await requestsDuring(ours.tenant, () => migration(ours, ['plan']))
    const [published, imported]: [number[], number[]] = [[], []]
    const from = ours.tenant.requests.length
    for (let round = 0; round < Math.min(rounds, mostRounds); round += 1) {
      progress(`round ${round + 1}`)
      published.push(await timeOf(() => migration(ours, ['publish', '--yes'])))
      imported.push(await timeOf(() => deployCli(rivals)))
    }
    const writes = writesIn(ours.tenant.requests.slice(from))
    return figuresOf({ requests, writes, published, imported })
  } finally {
    for (const { running } of tenants) await running.close()
    project.remove()
  }
}

interface Measurements {
  readonly requests: number
  readonly writes: number
  /** Milliseconds. */
  readonly published: readonly number[]
  readonly imported: readonly number[]
}

function figuresOf({ requests, writes, published, imported }: Measurements): readonly Figure[] {
  const times = { unit: 'ms' } as const
  return [
    { name: 'plan-requests', value: requests, unit: 'requests', reach: 59 },
    { name: 'publish-unchanged-writes', value: writes, unit: 'requests', reach: 0 },
    { name: 'publish-unchanged-of-import', ...ratio(published, imported), unit: 'x', reach: 1 / 3 },
    { name: 'publish-unchanged-time', value: median(published), ...times },
    { name: 'a0deploy-import-time', value: median(imported), ...times },
  ]
}

interface Run {
  readonly tenant: BigTenant
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

function environmentOf({ running }: BigTenant): Readonly<Record<string, string>> {
  const { PATH = '', HOME = '' } = process.env
  return {
    ...{ PATH, HOME, AUTH0_DOMAIN: running.domain, NODE_EXTRA_CA_CERTS: running.caFile },
    AUTH0_CLIENT_ID: running.deployClient.client_id,
    AUTH0_CLIENT_SECRET: running.deployClient.client_secret,
    LEGACY_API_URL: 'https://legacy.example',
    LEGACY_API_AUDIENCE: 'https://legacy-api.example/',
    CLAIM_NAMESPACE: 'https://claims.example/',
  }
}

async function migration({ folder, env }: Run, args: readonly string[]): Promise<void> {
  await execute(process.execPath, [join(root, 'cli/main.ts'), ...args], { cwd: folder, env })
}

/** As an operator runs it, with every value in the environment. */
async function deployCli({ tenant, folder, env }: Run): Promise<void> {
  const manifest = createRequire(import.meta.url).resolve('auth0-deploy-cli/package.json')
  const program = join(dirname(manifest), 'lib', 'index.js')
  const clients = [...tenant.running.tenant.state.clients.values()]
  const credentials = ['Actions', 'Scripts'].flatMap((one) => {
    const client = clients.find(({ name }) => name === `Legacy Migration ${one}`)
    const name = `LEGACY_${one.toUpperCase()}_CLIENT`
    return [
      [`${name}_ID`, client?.client_id ?? ''],
      [`${name}_SECRET`, client?.client_secret ?? ''],
    ]
  })
  const preload = join(root, 'build/deploy-cli-without-prompts.cjs')
  await execute(process.execPath, [program, 'import', '-i', 'tenant.yaml'], {
    cwd: folder,
    env: {
      ...env,
      ...Object.fromEntries(credentials),
      LEGACY_TOKEN_URL: `https://${tenant.running.domain}/oauth/token`,
      MIGRATION_PHASE: 'lazy',
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
    },
  })
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function requestsDuring(tenant: BigTenant, work: () => Promise<void>): Promise<number> {
  const before = tenant.requests.length
  await work()
  return tenant.requests.length - before
}

/** The request for a token writes nothing. */
function writesIn(requests: readonly string[]): number {
  return requests.filter((one) => !/^(GET |POST \/oauth\/token)/.test(one)).length
}
