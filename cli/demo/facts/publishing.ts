import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connection } from '../applications.ts'
import { allOf, type Fact } from '../fact.ts'
import { logIn } from '../login.ts'
import { callsDuring } from '../observe.ts'
import { legacyAudience, type World } from '../world.ts'

const actions = ['protect-legacy-audience', 'backfill-metadata', 'mark-migrated', 'copy-metadata']

interface PublishedAction {
  readonly id: string
  readonly name: string
  readonly code: string
  readonly status: string
  readonly runtime: string
  readonly all_changes_deployed: boolean
}

export const published: Fact = {
  name: 'published',
  async show(world) {
    const { management } = world
    const { actions: found } = await management.get<{ actions: readonly PublishedAction[] }>(
      'actions/actions?per_page=100',
    )
    const { bindings } = await management.get<{
      bindings: readonly { action: { name: string } }[]
    }>('actions/triggers/post-login/bindings?per_page=100')
    const all = await management.get<readonly PublishedConnection[]>('connections')
    const database = all.find(({ name }) => name === connection)
    const api = await management.get<PublishedApi>(
      `resource-servers/${encodeURIComponent(legacyAudience)}`,
    )
    return allOf([
      [actions.every((name) => isDeployed(world, found, name)), '4 Actions run the bytes of dist/'],
      [bindings.map(({ action }) => action.name).join() === actions.join(), 'bound in order'],
      [runsScripts(world, database), 'both scripts are on the connection, import mode on'],
      [
        api.subject_type_authorization.user.policy === 'deny_all',
        'the legacy API is closed to people',
      ],
      [await grantsAreExact(world), 'two applications have exactly their scopes'],
      [true, `a0deploy took ${seconds(world)}`],
    ])
  },
}

interface PublishedConnection {
  readonly name: string
  readonly options: {
    readonly import_mode?: boolean
    readonly enabledDatabaseCustomization?: boolean
    readonly customScripts?: { readonly login?: string; readonly get_user?: string }
  }
}

interface PublishedApi {
  readonly subject_type_authorization: { readonly user: { readonly policy: string } }
}

function isDeployed(world: World, found: readonly PublishedAction[], name: string): boolean {
  const action = found.find((candidate) => candidate.name === name)
  const code = built(world, `actions/${name}.js`)
  return (
    action?.code === code &&
    action.status === 'built' &&
    action.runtime === 'node22' &&
    action.all_changes_deployed
  )
}

function runsScripts(world: World, database: PublishedConnection | undefined): boolean {
  const { import_mode, enabledDatabaseCustomization, customScripts } = database?.options ?? {}
  return (
    import_mode === true &&
    enabledDatabaseCustomization === true &&
    customScripts?.login === built(world, `databases/${connection}/login.js`) &&
    customScripts?.get_user === built(world, `databases/${connection}/get_user.js`)
  )
}

function built(world: World, file: string): string {
  return readFileSync(join(world.root, 'dist', file), 'utf8')
}

async function grantsAreExact({ management, keywords }: World): Promise<boolean> {
  const grants = await management.get<
    readonly { client_id: string; audience: string; scope: readonly string[] }[]
  >('client-grants?per_page=100')
  const scopesOf = (clientId: string | undefined) =>
    grants
      .filter(({ client_id, audience }) => client_id === clientId && audience === legacyAudience)
      .flatMap(({ scope }) => scope)
      .sort()
      .join(' ')
  return (
    scopesOf(keywords.LEGACY_ACTIONS_CLIENT_ID) === 'read:legacy_users update:legacy_users' &&
    scopesOf(keywords.LEGACY_SCRIPTS_CLIENT_ID) === 'authenticate:legacy_users read:legacy_users'
  )
}

function seconds({ deployments }: World): string {
  return deployments.map(({ elapsedMs }) => `${(elapsedMs / 1_000).toFixed(1)} s`).join(' and ')
}

export const unsetSecretFailsClosed: Fact = {
  name: 'unset-secret-fails-closed',
  async show(world) {
    const user = world.legacy.takeUser()
    const { LEGACY_API_AUDIENCE: _, LEGACY_API_URL: __, ...rest } = world.keywords
    const deployment = await world.publish(rest, ['actions'])
    try {
      const any = await logIn(world, user)
      const legacy = await logIn(world, user, { audience: legacyAudience })
      const { result: none, calls } = await callsDuring(world, () =>
        logIn(world, user, { audience: null }),
      )
      return allOf([
        [deployment.exitCode === 0, 'deploy-cli takes a tenant.yaml without two of its values'],
        [legacy.type === 'refused', 'nobody gets a token for the legacy API'],
        [any.type === 'refused', 'nor for any API, since none can be told from it'],
        [none.type === 'tokens', 'a login that asks for no API goes on'],
        [!calls.some((call) => call.startsWith('PUT')), 'and no Action calls out half configured'],
      ])
    } finally {
      await world.publish(world.keywords, ['actions'])
    }
  },
}
