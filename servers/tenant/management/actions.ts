import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { Action, JsonObject } from '../state.ts'
import { type ActionServices, settleBuild, startBuild } from './action-build.ts'
import { changedAction, draftOf, newAction } from './action-draft.ts'
import { actionOf } from './action-versions.ts'
import { showAction } from './action-view.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { assertQuery, listedWithoutZeros, pageOf } from './paging.ts'
import { readBody } from './request-body.ts'

/** A tenant, undeployed ones included. */
// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/entity-limit-policy
const maxActions = 100

/** @see https://auth0.com/docs/api/management/v2/actions */
export function addActionEndpoints(add: AddEndpoint, services: ActionServices): void {
  add('GET', '/actions/actions', 'read:actions', (c) => c.json(listActions(c, services)))
  add('POST', '/actions/actions', 'create:actions', async (c) => {
    const action = createAction(await readBody(c, newAction), services)
    return c.json(showAction(action), 201)
  })
  add('GET', '/actions/actions/:id', 'read:actions', (c) => {
    return c.json(showAction(actionOf(segment(c, 'id'), services)))
  })
  add('PATCH', '/actions/actions/:id', 'update:actions', async (c) => {
    const body = await readBody(c, changedAction)
    return c.json(showAction(changeAction(segment(c, 'id'), body, services)))
  })
  add('DELETE', '/actions/actions/:id', 'delete:actions', (c) => {
    deleteAction(actionOf(segment(c, 'id'), services), c.req.query('force') === 'true', services)
    return c.body(null, 204)
  })
  add('GET', '/actions/modules', 'read:actions', (c) => {
    const { start, size } = pageOf(c)
    return c.json({ modules: [], total: 0, page: size === 0 ? 0 : start / size, per_page: size })
  })
}

function listActions(c: Context, services: ActionServices): JsonObject {
  assertQuery(c, ['page', 'per_page', 'triggerId', 'actionName', 'deployed', 'installed'])
  const { triggerId, actionName, deployed } = c.req.query()
  const actions = [...services.tenant.state.actions.values()].filter(
    (action) =>
      (triggerId === undefined || action.supported_triggers.some(({ id }) => id === triggerId)) &&
      (actionName === undefined || action.name === actionName) &&
      (deployed === undefined || (action.deployed !== null) === (deployed === 'true')),
  )
  return listedWithoutZeros(c, 'actions', actions, (action) =>
    showAction(settleBuild(action, services)),
  )
}

function createAction(body: JsonObject, services: ActionServices): Action {
  const { state, now } = services.tenant
  if (state.actions.size >= maxActions) {
    throw new ManagementError(
      403,
      `A tenant has ${maxActions} Actions at most.`,
      'too_many_entities',
    )
  }
  const created_at = new Date(now()).toISOString()
  const draft = draftOf(body, null, created_at)
  assertFreeName(draft.name, null, services)
  const action = startBuild(
    {
      ...draft,
      id: randomUUID(),
      status: 'pending',
      errors: [],
      deployed: null,
      created_at,
      updated_at: created_at,
      ...(body.deploy === true && { deploys_when_built: true }),
    },
    services,
  )
  state.actions.set(action.id, action)
  return action
}

/** Whatever is changed but the name makes a new draft, and a new draft is built again. */
function changeAction(id: string, body: JsonObject, services: ActionServices): Action {
  // What is deployed unasked is the draft it was asked with, and no later one.
  const { deploys_when_built: _, ...before } = actionOf(id, services)
  const updated_at = new Date(services.tenant.now()).toISOString()
  const draft = draftOf(body, before, updated_at)
  assertFreeName(draft.name, id, services)
  const changed = { ...before, ...draft, updated_at }
  const renamed = Object.keys(body).every((name) => name === 'name')
  const after = renamed ? changed : startBuild(changed, services)
  services.tenant.state.actions.set(id, after)
  return after
}

function deleteAction(action: Action, force: boolean, { tenant }: ActionServices): void {
  const { actions, bindings } = tenant.state
  for (const [trigger, bound] of bindings) {
    const others = bound.filter(({ action_id }) => action_id !== action.id)
    if (others.length === bound.length) continue
    if (!force) {
      const message = `The Action is bound to ${trigger}; unbind it first, or force its deletion.`
      throw new ManagementError(400, message, 'action_in_use')
    }
    bindings.set(trigger, others)
  }
  actions.delete(action.id)
}

function assertFreeName(name: string, id: string | null, { tenant }: ActionServices): void {
  const twin = [...tenant.state.actions.values()].find((action) => action.name === name)
  if (twin === undefined || twin.id === id) return
  throw new ManagementError(409, 'An Action with the same name already exists', 'action_conflict')
}
