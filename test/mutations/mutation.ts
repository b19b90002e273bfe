import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connection } from '../../cli/demo/applications.ts'
import type { World } from '../../cli/demo/world.ts'
import { legacyAudience } from '../../cli/demo/world.ts'

/** Spoils one thing about a world, and gives back what mends it. */
export type Mutation = (world: World) => Promise<() => Promise<void>>

interface ActionResource {
  readonly id: string
  readonly name: string
  readonly code: string
}

interface ConnectionResource {
  readonly id: string
  readonly name: string
  readonly options: { readonly customScripts: Readonly<Record<string, string>> }
}

/** Takes an Action out of the flow. */
export function unbind(name: string): Mutation {
  return async ({ management }) => {
    const path = 'actions/triggers/post-login/bindings'
    const { bindings } = await management.get<{
      bindings: readonly { action: { name: string } }[]
    }>(`${path}?per_page=100`)
    const names = bindings.map(({ action }) => action.name)
    if (!names.includes(name)) throw new Error(`${name} is not bound`)
    const bind = (bound: readonly string[]) =>
      management.patch<unknown>(path, {
        bindings: bound.map((value) => ({
          ref: { type: 'action_name', value },
          display_name: value,
        })),
      })
    await bind(names.filter((bound) => bound !== name))
    return async () => void (await bind(names))
  }
}

/** Changes the code of a deployed Action. */
export function changeAction(name: string, from: string, to: string): Mutation {
  return async ({ management }) => {
    const { actions } = await management.get<{ actions: readonly ActionResource[] }>(
      'actions/actions?per_page=100',
    )
    const action = actions.find((candidate) => candidate.name === name)
    if (action === undefined) throw new Error(`There is no Action ${name}`)
    const deploy = async (code: string) => {
      await management.patch(`actions/actions/${action.id}`, { code })
      await untilBuilt(() => management.post(`actions/actions/${action.id}/deploy`, {}))
    }
    await deploy(changed(action.code, from, to))
    return () => deploy(action.code)
  }
}

/** Auth0 builds a draft before it can be deployed. */
async function untilBuilt(deploy: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await deploy()
      return
    } catch (error) {
      if (tries === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** Changes the code of a script of the connection. */
export function changeScript(
  script: 'login' | 'get_user',
  change: (code: string, world: World) => string,
): Mutation {
  return async (world) =>
    changeOptions(world, (options) => ({
      ...options,
      customScripts: {
        ...options.customScripts,
        [script]: change(options.customScripts[script] ?? '', world),
      },
    }))
}

/** Puts the no-op form in the place of a script. */
export function makeNoOp(script: 'login' | 'get_user'): Mutation {
  return changeScript(script, (_, { root }) =>
    readFileSync(join(root, `dist/databases/${connection}/no-op/${script}.js`), 'utf8'),
  )
}

/** Makes the connection ask the login script at every login. */
export const switchImportModeOff: Mutation = (world) =>
  changeOptions(world, (options) => ({ ...options, import_mode: false }))

type Options = ConnectionResource['options']

async function changeOptions(
  { management, keywords }: World,
  change: (options: Options) => object,
): Promise<() => Promise<void>> {
  const all = await management.get<readonly ConnectionResource[]>('connections')
  const found = all.find(({ name }) => name === connection)
  if (found === undefined) throw new Error(`There is no connection ${connection}`)
  // A PATCH replaces the options as a whole, and the API never shows `configuration`.
  const { LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, MIGRATION_PHASE } = keywords
  const { LEGACY_SCRIPTS_CLIENT_ID, LEGACY_SCRIPTS_CLIENT_SECRET } = keywords
  const configuration = {
    ...{ LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, MIGRATION_PHASE },
    ...{ LEGACY_SCRIPTS_CLIENT_ID, LEGACY_SCRIPTS_CLIENT_SECRET },
  }
  const put = (options: object) =>
    management.patch(`connections/${found.id}`, { options: { ...options, configuration } })
  await put(change(found.options))
  return async () => void (await put(found.options))
}

/** Takes the machine's scopes away. */
export const emptyTheGrant: Mutation = async ({ management, keywords }) => {
  const grants = await management.get<
    readonly { id: string; client_id: string; audience: string; scope: readonly string[] }[]
  >('client-grants?per_page=100')
  const grant = grants.find(
    ({ client_id, audience }) =>
      client_id === keywords.LEGACY_ACTIONS_CLIENT_ID && audience === legacyAudience,
  )
  if (grant === undefined) throw new Error('There is no client grant')
  await management.patch(`client-grants/${grant.id}`, { scope: ['read:legacy_users'] })
  return async () =>
    void (await management.patch(`client-grants/${grant.id}`, { scope: grant.scope }))
}

/** Changes a bundle of dist/, for a fact that publishes itself; mending publishes the right one again. */
export function changeBundle(bundle: string, from: string, to: string): Mutation {
  return async ({ root, publish, keywords }) => {
    const file = join(root, 'dist', bundle)
    const code = readFileSync(file, 'utf8')
    writeFileSync(file, changed(code, from, to))
    return async () => {
      writeFileSync(file, code)
      await publish(keywords, ['actions'])
    }
  }
}

/** @throws {Error} when there is nothing to change: a mutation that does nothing proves nothing. */
export function changed(code: string, from: string, to: string): string {
  if (!code.includes(from)) throw new Error(`The code does not hold: ${from}`)
  return code.replace(from, to)
}
