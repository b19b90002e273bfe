import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { createManagementClient } from '../../../cli/demo/management-client.ts'
import { projectRoot } from '../../../cli/demo/world.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'
import { runDeployCli } from '../../servers/tenant/run-deploy-cli.ts'
import { migration } from '../run-migration.ts'
import { defects } from './defects.ts'
import { foundBy, foundIds, runDoctor } from './run-doctor.ts'

const keywords = {
  LEGACY_API_URL: 'https://legacy.example',
  LEGACY_API_AUDIENCE: 'https://legacy.example/',
  LEGACY_TOKEN_URL: 'https://example.eu.auth0.com/oauth/token',
  LEGACY_ACTIONS_CLIENT_ID: 'actions',
  LEGACY_ACTIONS_CLIENT_SECRET: 'of-the-actions',
  LEGACY_SCRIPTS_CLIENT_ID: 'scripts',
  LEGACY_SCRIPTS_CLIENT_SECRET: 'of-the-scripts',
  CLAIM_NAMESPACE: 'https://example.com/',
  MIGRATION_PHASE: 'lazy',
}

interface Published {
  readonly tenant: RunningTenant
  /** Where the exports are. */
  readonly folder: string
}

const started: Published[] = []
let project: string
let clean: Published
let defective: Published

beforeAll(async () => {
  // A copy: somebody may build while this runs.
  project = mkdtempSync(join(tmpdir(), 'doctor-project-'))
  for (const name of ['tenant.yaml', 'migration.config.ts', 'dist']) {
    cpSync(join(projectRoot, name), join(project, name), { recursive: true })
  }
  const [ours, theirs] = await Promise.all([
    publish(readFileSync(join(project, 'tenant.yaml'), 'utf8')),
    publish(defects(readFileSync(join(project, 'tenant.yaml'), 'utf8'))),
  ])
  clean = ours
  defective = theirs
}, 180_000)

afterAll(async () => {
  for (const published of started) {
    await published.tenant.close()
    rmSync(published.folder, { recursive: true })
  }
  rmSync(project, { recursive: true })
})

async function publish(file: string): Promise<Published> {
  const tenant = await startTenant({ runtime: createInProcessRuntime(), buildTime: 0 })
  const folder = mkdtempSync(join(tmpdir(), 'doctor-exports-'))
  started.push({ tenant, folder })
  cpSync(join(project, 'dist'), join(folder, 'dist'), { recursive: true })
  writeFileSync(join(folder, 'tenant.yaml'), file)
  writeFileSync(join(folder, 'reset_email.html'), '<p>Your new password</p>')
  const deploy = async (args: readonly string[]) => {
    const { exitCode, output } = await runDeployCli(tenant, args, keywords)
    if (exitCode !== 0) throw new Error(output)
  }
  await deploy(['import', '-i', join(folder, 'tenant.yaml')])
  await deploy(['export', '--format=yaml', '-o', join(folder, 'yaml')])
  await deploy(['export', '--format=directory', '-o', join(folder, 'directory')])
  return { tenant, folder }
}

function liveSettings({ tenant }: Published) {
  const { client_id, client_secret } = tenant.deployClient
  return {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: client_id,
    AUTH0_CLIENT_SECRET: client_secret,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
  }
}

async function live(published: Published) {
  const { stdout, stderr } = await migration(['doctor', '--live', '--json'], {
    cwd: project,
    env: liveSettings(published),
  })
  if (stdout === '') throw new Error(stderr)
  return { exitStatus: 0, found: JSON.parse(stdout) as unknown, text: '' }
}

for (const format of ['yaml', 'directory']) {
  test(`doctor: finds nothing in a ${format} export of the kit but what Auth0 adds itself`, async () => {
    const result = await runDoctor([join(clean.folder, format)], { cwd: project })
    expect(foundIds(result)).toEqual(['strategy-version-sent'])
    expect(result.exitStatus).toBe(0)
  })
}

test('doctor: finds nothing on a tenant that has the kit', async () => {
  const { findings, notChecked } = foundBy(await live(clean))
  expect(findings).toEqual([])
  // Looked at in truth: whatever the tenant has was read.
  expect(notChecked.map(({ because }) => because).filter((one) => one.startsWith('GET'))).toEqual(
    [],
  )
})

test('doctor: the scopes that docs/doctor.md names are enough, and one less is told', async () => {
  const doc = readFileSync(join(projectRoot, 'docs/doctor.md'), 'utf8')
  const row = doc.split('\n').find((line) => line.startsWith('| `--live` |')) ?? ''
  const scopes = [...row.matchAll(/`(read:[a-z_]+)`/g)].map(([, scope = '']) => scope)
  const whole = await toldWith(scopes)
  expect(whole.filter((because) => because.includes('read:'))).toEqual([])
  const less = await toldWith(scopes.filter((scope) => scope !== 'read:resource_servers'))
  expect(less.filter((because) => because.includes('read:'))).toEqual([
    expect.stringContaining('read:resource_servers'),
  ])
})

/** Why what was not checked, for an application with these scopes. */
async function toldWith(scopes: readonly string[]): Promise<readonly string[]> {
  const management = createManagementClient(clean.tenant)
  const { client_id, client_secret } = await management.post<Record<string, string>>('clients', {
    name: `Doctor ${scopes.length}`,
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
  })
  const audience = `${clean.tenant.issuer}api/v2/`
  await management.post('client-grants', { client_id, audience, scope: scopes })
  const { stdout } = await migration(['doctor', '--live', '--json'], {
    cwd: project,
    env: {
      ...liveSettings(clean),
      AUTH0_CLIENT_ID: client_id ?? '',
      AUTH0_CLIENT_SECRET: client_secret ?? '',
    },
  })
  const found: unknown = JSON.parse(stdout)
  const told = foundBy({ exitStatus: 0, found, text: '' }).notChecked
  return [...new Set(told.map(({ because }) => because))]
}

/** On a tenant nobody sends anything. */
const ofFiles = ['strategy-version-sent']

test('doctor: finds the same defects in both exports and on the tenant', async () => {
  const yaml = await runDoctor([join(defective.folder, 'yaml')], { cwd: project })
  const directory = await runDoctor([join(defective.folder, 'directory')], { cwd: project })
  const onTenant = await live(defective)
  expect(foundIds(yaml)).toEqual([...planted, ...ofFiles].sort())
  expect(foundIds(directory)).toEqual(foundIds(yaml))
  expect(foundIds(onTenant)).toEqual(planted)
  expect(yaml.exitStatus).toBe(1)
})

const planted = [
  'action-differs-from-dist',
  'action-not-bound',
  'actions-out-of-order',
  'azure-ad-v1-extended-attributes',
  'connection-without-application',
  'default-audience',
  'email-from-address',
  'email-template-customization',
  'import-mode-off',
  'legacy-audience-open-to-people',
  'legacy-client-excess-scopes',
  'oauth-ro',
  'organization-members-locked-out',
  'organization-prompt-without-sso',
  'script-differs-from-dist',
  'unconfirmed-non-verifiable-callbacks',
  'vulnerable-password-flow',
]

test('doctor: the place of a defect is a file of the export, and a line that names it', async () => {
  for (const format of ['yaml', 'directory']) {
    const result = await runDoctor([join(defective.folder, format)], { cwd: project })
    for (const { id, where } of foundBy(result).findings) {
      const lines = readFileSync(where.file ?? '', 'utf8').split('\n')
      if (id.endsWith('differs-from-dist')) continue
      expect(lines[(where.line ?? 0) - 1], `${format} ${id}`).toMatch(/\S/)
    }
  }
})

test('doctor: only reads', async () => {
  const before = JSON.stringify([...defective.tenant.tenant.state.connections.values()])
  await live(defective)
  expect(JSON.stringify([...defective.tenant.tenant.state.connections.values()])).toBe(before)
})
