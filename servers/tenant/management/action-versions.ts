import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { Action, DeployedVersion, JsonObject } from '../state.ts'
import { type ActionServices, settleBuild } from './action-build.ts'
import { failedVersions, showDeployment, showVersion } from './action-view.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { assertQuery, pageOf } from './paging.ts'
import { readBody } from './request-body.ts'

/** An Action; of more the oldest is deleted. */
// https://auth0.com/docs/customize/actions/limitations
const maxVersions = 50

/** @see https://auth0.com/docs/api/management/v2/actions/get-action-versions */
export function addActionVersionEndpoints(add: AddEndpoint, services: ActionServices): void {
  const path = '/actions/actions/:id'
  add('POST', `${path}/deploy`, 'create:actions', (c) => {
    const action = actionOf(segment(c, 'id'), services)
    return c.json(deployed(action, draftVersion(action), {}, services), 202)
  })
  add('GET', `${path}/versions`, 'read:actions', (c) => {
    return c.json(listVersions(c, actionOf(segment(c, 'id'), services)))
  })
  add('GET', `${path}/versions/:version`, 'read:actions', (c) => {
    const action = actionOf(segment(c, 'id'), services)
    const [failed] = failedVersions(action)
    if (failed?.id === segment(c, 'version')) return c.json(failed)
    return c.json(showDeployment(action, versionOf(action, segment(c, 'version'))))
  })
  add('POST', `${path}/versions/:version/deploy`, 'create:actions', async (c) => {
    const body = await readRequest(c)
    const action = actionOf(segment(c, 'id'), services)
    const version = versionOf(action, segment(c, 'version'))
    const draft = body.update_draft === true ? draftOf(action, version) : {}
    return c.json(deployed(action, version, draft, services), 202)
  })
}

/** It may have a body, and need not. */
async function readRequest(c: Context): Promise<JsonObject> {
  if ((await c.req.text()).trim() === '') return {}
  return readBody(c, { members: { update_draft: 'boolean' } })
}

/** @throws {ManagementError} 404. */
export function actionOf(id: string, services: ActionServices): Action {
  const action = services.tenant.state.actions.get(id)
  if (action === undefined) throw new ManagementError(404, 'Action not found', 'action_not_found')
  return settleBuild(action, services)
}

function versionOf({ versions = [] }: Action, id: string): DeployedVersion {
  const version = versions.find((one) => one.id === id)
  if (version !== undefined) return version
  throw new ManagementError(404, 'Action version not found', 'action_version_not_found')
}

type Deployable = Omit<DeployedVersion, 'created_at' | 'id' | 'number'>

/** @throws {ManagementError} 400 while the draft is not built; also when it never will be. */
function draftVersion({ code, secrets, runtime, dependencies, ...action }: Action): Deployable {
  if (action.status !== 'built') {
    const message = "A draft must be in the 'built' state before it can be deployed."
    throw new ManagementError(400, message, 'draft_not_built')
  }
  const { built_at = action.updated_at } = action
  return { code, secrets, runtime, dependencies, built_at }
}

/** What of a version a draft takes over. */
function draftOf(action: Action, version: DeployedVersion): Partial<Action> {
  const { code, dependencies = [], runtime = action.runtime, created_at } = version
  const secrets = version.secrets.map((secret) => ({ updated_at: created_at, ...secret }))
  return { code, dependencies, runtime, secrets, status: 'built', errors: [] }
}

/** A version is never changed: to deploy an earlier one again makes a new one like it. */
function deployed(
  action: Action,
  like: Deployable,
  draft: Partial<Action>,
  { tenant }: ActionServices,
): JsonObject {
  const version: DeployedVersion = {
    ...like,
    id: randomUUID(),
    number: (action.deployed?.number ?? 0) + 1,
    created_at: new Date(tenant.now()).toISOString(),
  }
  const after: Action = {
    ...action,
    ...draft,
    deployed: version,
    versions: [...(action.versions ?? []), version].slice(-maxVersions),
  }
  const all_changes_deployed = isDraftOf(after, version)
  tenant.state.actions.set(action.id, { ...after, all_changes_deployed })
  return showDeployment({ ...after, all_changes_deployed }, version)
}

function isDraftOf(action: Action, version: DeployedVersion): boolean {
  const parts = ({ code, dependencies, runtime, secrets }: Action | DeployedVersion) =>
    JSON.stringify([code, dependencies, runtime, secrets.map(({ name, value }) => [name, value])])
  return parts(action) === parts(version)
}

/** The latest first. */
function listVersions(c: Context, action: Action): JsonObject {
  assertQuery(c, ['page', 'per_page'])
  const { start, size } = pageOf(c)
  const deployments = (action.versions ?? []).map((version) => showVersion(action, version))
  const versions = [...failedVersions(action), ...deployments.toReversed()]
  return {
    versions: versions.slice(start, start + size),
    // Auth0 leaves zeros out here.
    ...(versions.length > 0 && { total: versions.length }),
    ...(start > 0 && { page: start / size }),
    per_page: size,
  }
}
