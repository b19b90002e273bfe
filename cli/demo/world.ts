import { fileURLToPath } from 'node:url'
import type { Runtime } from '../../actions-testing/runtime.ts'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { buildProject } from '../../build/build.ts'
import { startTenant } from '../../servers/tenant/server.ts'
import { type Deployment, type DeploymentResult, deploy } from '../deploy.ts'
import { createApplications, type SampleApplications } from './applications.ts'
import { type FrontDoor, openFrontDoor } from './front-door.ts'
import { type LegacyStore, openLegacyStore } from './legacy-store.ts'
import { createManagementClient, type ManagementClient } from './management-client.ts'

/** Everything that a fact needs to be shown: a tenant that deploy-cli published to, and a legacy store. */
export interface World {
  /** Folder that was published: with tenant.yaml and dist/. */
  readonly root: string
  readonly tenant: Awaited<ReturnType<typeof startTenant>>
  readonly legacy: LegacyStore
  readonly frontDoor: FrontDoor
  readonly management: ManagementClient
  readonly applications: SampleApplications
  readonly keywords: Readonly<Record<string, string>>
  /** What Actions and scripts have written to the console, oldest first. */
  readonly logs: readonly string[]
  /** The runs of deploy-cli that made this world. */
  readonly deployments: readonly DeploymentResult[]
  /** Publishes again, with other values for the placeholders. */
  publish(
    keywords: Readonly<Record<string, string>>,
    only?: readonly string[],
  ): Promise<DeploymentResult>
  close(): Promise<void>
}

export const legacyAudience = 'https://legacy-api.example/'
export const claimNamespace = 'https://claims.example/'

/** The project that is published unless a test names another. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

export interface WorldOptions {
  readonly root?: string
  /** Users in the legacy store. */
  readonly users?: number
  /** What the published applications prove themselves by, once they are there. Default: their secrets. */
  readonly credentials?: (management: ManagementClient) => Promise<Record<string, string>>
  /** Told of each step as it begins. */
  readonly onStep?: (step: string) => void
}

/**
 * Builds, starts both servers on free ports of this machine, fills the legacy store and publishes by
 * the real deploy-cli, as an engineer does on an empty tenant: applications first, since only then
 * are their secrets known.
 */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { root = projectRoot, users = 300, onStep = () => undefined } = options
  const { credentials = secretsOf } = options
  onStep('build')
  await build(root)
  onStep('start the stand-in tenant')
  const logs: string[] = []
  const tenant = await startTenant({
    runtime: (ca) => recorded(createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }), logs),
  })
  onStep(`start the legacy API with ${users} users`)
  const legacy = await openLegacyStore(tenant.tenant, legacyAudience, users)
  const frontDoor = await openFrontDoor(legacy.url)
  const management = createManagementClient(tenant)
  const close = async () => {
    await frontDoor.close()
    await legacy.close()
    await tenant.close()
  }
  try {
    const base = { root, domain: tenant.domain, caFile: tenant.caFile, ...credentialsOf(tenant) }
    const known = settingsOf(tenant.domain, frontDoor.url)
    onStep('a0deploy import, applications and API')
    const only = ['clients', 'resourceServers', 'clientGrants']
    const first = await mustDeploy({ ...base, keywords: known, only })
    const keywords = { ...known, ...(await credentials(management)) }
    onStep('a0deploy import, everything')
    const second = await mustDeploy({ ...base, keywords })
    const applications = await createApplications(tenant, management, keywords)
    const publish = (other: Readonly<Record<string, string>>, types?: readonly string[]) =>
      deploy({ ...base, keywords: other, ...(types === undefined ? {} : { only: types }) })
    const made = { root, tenant, legacy, frontDoor, management, applications, keywords, publish }
    return { ...made, logs, deployments: [first, second], close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Auth0 shows the console of Actions in its logs; the stand-in keeps none. */
function recorded(runtime: Runtime, logs: string[]): Runtime {
  return {
    ...runtime,
    async runPostLogin(run) {
      const outcome = await runtime.runPostLogin(run)
      logs.push(...outcome.logs.flatMap(({ text }) => text.split('\n')).filter(Boolean))
      return outcome
    },
    async runDatabaseScript(run) {
      const result = await runtime.runDatabaseScript(run)
      logs.push(...result.logs)
      return result
    },
  }
}

async function build(root: string): Promise<void> {
  const { problems } = await buildProject(root)
  const lines = problems.map(({ subject, message }) => `${subject} ${message}`)
  if (lines.length > 0) throw new Error(`The project does not build:\n${lines.join('\n')}`)
}

function credentialsOf({ deployClient }: World['tenant']) {
  return { clientId: deployClient.client_id, clientSecret: deployClient.client_secret }
}

function settingsOf(domain: string, legacyApiUrl: string): Record<string, string> {
  return {
    LEGACY_API_URL: legacyApiUrl,
    LEGACY_API_AUDIENCE: legacyAudience,
    LEGACY_TOKEN_URL: `https://${domain}/oauth/token`,
    CLAIM_NAMESPACE: claimNamespace,
    MIGRATION_PHASE: 'lazy',
  }
}

/** What an operator copies from the Dashboard after the first run. */
async function secretsOf(management: ManagementClient): Promise<Record<string, string>> {
  const actions = await management.clientNamed('Legacy Migration Actions')
  const scripts = await management.clientNamed('Legacy Migration Scripts')
  return {
    LEGACY_ACTIONS_CLIENT_ID: actions.client_id,
    LEGACY_ACTIONS_CLIENT_SECRET: actions.client_secret,
    LEGACY_SCRIPTS_CLIENT_ID: scripts.client_id,
    LEGACY_SCRIPTS_CLIENT_SECRET: scripts.client_secret,
  }
}

async function mustDeploy(deployment: Deployment): Promise<DeploymentResult> {
  const result = await deploy(deployment)
  if (result.exitCode !== 0) {
    throw new Error(`a0deploy import ended with ${result.exitCode}:\n${result.output}`)
  }
  return result
}
