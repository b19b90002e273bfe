import type { Context } from 'hono'
import type { Action, DeployedVersion, JsonObject } from '../state.ts'
import { type ActionServices, settleBuild } from './action-build.ts'
import { type Deployable, withVersion } from './action-deploy.ts'
import { failedVersions, showAccepted, showVersion } from './action-view.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { assertQuery, listedWithoutZeros } from './paging.ts'
import { readBody } from './request-body.ts'

/** @see https://auth0.com/docs/api/management/v2/actions/get-action-versions */
export function addActionVersionEndpoints(add: AddEndpoint, services: ActionServices): void {
  const path = '/actions/actions/:id'
  add('POST', `${path}/deploy`, 'create:actions', (c) => {
    const action = actionOf(segment(c, 'id'), services)
    return c.json(deployed(action, builtDraft(action), services))
  })
  add('GET', `${path}/versions`, 'read:actions', (c) => {
    return c.json(listVersions(c, actionOf(segment(c, 'id'), services)))
  })
  add('GET', `${path}/versions/:version`, 'read:actions', (c) => {
    const action = actionOf(segment(c, 'id'), services)
    const [failed] = failedVersions(action)
    if (failed?.id === segment(c, 'version')) return c.json(failed)
    return c.json(showVersion(action, versionOf(action, segment(c, 'version'))))
  })
  add('POST', `${path}/versions/:version/deploy`, 'create:actions', async (c) => {
    const body = await readRequest(c)
    const action = actionOf(segment(c, 'id'), services)
    const version = versionOf(action, segment(c, 'version'))
    const draft = body.update_draft === true ? draftOf(action, version) : {}
    return c.json(deployed({ ...action, ...draft }, version, services))
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

/** @throws {ManagementError} 400 while the draft is not built; also when it never will be. */
function builtDraft(action: Action): Deployable {
  if (action.status === 'built') return action
  const message = "A draft must be in the 'built' state before it can be deployed."
  throw new ManagementError(400, message, 'draft_not_built')
}

/** What of a version a draft takes over. */
function draftOf(action: Action, version: DeployedVersion): Partial<Action> {
  const { code, dependencies = [], runtime = action.runtime, created_at } = version
  const secrets = version.secrets.map((secret) => ({ updated_at: created_at, ...secret }))
  return { code, dependencies, runtime, secrets, status: 'built', errors: [] }
}

function deployed(action: Action, like: Deployable, { tenant }: ActionServices): JsonObject {
  const after = withVersion(action, like, new Date(tenant.now()).toISOString())
  tenant.state.actions.set(action.id, after)
  return showAccepted(after, after.deployed)
}

/** The latest first. */
function listVersions(c: Context, action: Action): JsonObject {
  assertQuery(c, ['page', 'per_page'])
  const deployments = (action.versions ?? []).map((version) => showVersion(action, version))
  const versions = [...failedVersions(action), ...deployments.toReversed()]
  return listedWithoutZeros(c, 'versions', versions, (version) => version)
}
