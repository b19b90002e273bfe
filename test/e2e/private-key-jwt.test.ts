import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn } from '../../cli/demo/login.ts'
import type { ManagementClient } from '../../cli/demo/management-client.ts'
import { auth0IdOf, findUser, interruptFirstLogin, stampOf } from '../../cli/demo/observe.ts'
import { createWorld, projectRoot, type World } from '../../cli/demo/world.ts'
import { copyProject } from '../mutations/project-copy.ts'

const project = copyProject()
let world: World

/** As the runbook says to do it. */
function chooseKeys(): void {
  symlinkSync(join(projectRoot, 'node_modules'), join(project.root, 'node_modules'))
  edit('migration.config.ts', (text) =>
    text.replace('  claims: [\n', `  clientAuthentication: 'private-key-jwt',\n  claims: [\n`),
  )
  edit('tenant.yaml', (text) =>
    text
      .replaceAll('_CLIENT_SECRET', '_PRIVATE_KEY')
      .replaceAll('    token_endpoint_auth_method: client_secret_post\n', ''),
  )
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(project.root, file)
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`nothing to change in ${file}`)
  writeFileSync(path, after)
}

/** A key for an application in place of its secret. @returns Its id, and the private key. */
async function giveKey(management: ManagementClient, name: string) {
  const { client_id } = await management.clientNamed(name)
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  })
  const credential = { credential_type: 'public_key', name: 'migration', pem: publicKey }
  const path = `clients/${client_id}`
  const { id } = await management.post<{ id: string }>(`${path}/credentials`, credential)
  await management.patch(path, {
    token_endpoint_auth_method: null,
    client_authentication_methods: { private_key_jwt: { credentials: [{ id }] } },
  })
  return [client_id, privateKey] as const
}

async function keysOf(management: ManagementClient): Promise<Record<string, string>> {
  const [actions, actionsKey] = await giveKey(management, 'Legacy Migration Actions')
  const [scripts, scriptsKey] = await giveKey(management, 'Legacy Migration Scripts')
  return {
    LEGACY_ACTIONS_CLIENT_ID: actions,
    LEGACY_ACTIONS_PRIVATE_KEY: actionsKey,
    LEGACY_SCRIPTS_CLIENT_ID: scripts,
    LEGACY_SCRIPTS_PRIVATE_KEY: scriptsKey,
  }
}

beforeAll(async () => {
  chooseKeys()
  world = await createWorld({ root: project.root, users: 20, credentials: keysOf })
}, 180_000)

afterAll(async () => {
  await world?.close()
  project.remove()
})

test('private-key-jwt: a first login migrates and marks, with a key for each application', async () => {
  const user = world.legacy.takeUser()
  expect((await logIn(world, user)).type).toBe('tokens')
  const stored = await findUser(world, auth0IdOf(user))
  expect(stampOf(stored)).toMatchObject({ backfill: 'arrived', mark: 'marked' })
  expect(await world.legacy.markOf(user.legacy_id)).not.toBeNull()
  expect(world.logs).toEqual([])
  // One assertion for the scripts, one for the Actions.
  expect(world.tenant.tenant.activity.usedAssertions.size).toBeGreaterThanOrEqual(2)
})

test('private-key-jwt: an interrupted first login is filled at the next', async () => {
  const user = world.legacy.takeUser()
  await interruptFirstLogin(world, user, () => logIn(world, user))
  await logIn(world, user)
  const stored = await findUser(world, auth0IdOf(user))
  expect(stored?.app_metadata).toMatchObject(user.app_metadata)
  expect(stampOf(stored)).toMatchObject({ backfill: 'filled', mark: 'marked' })
})
