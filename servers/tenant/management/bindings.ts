import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { Action, Binding, JsonObject, Tenant } from '../state.ts'
import { type ActionServices, settleBuild } from './action-build.ts'
import { showBound } from './action-view.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { assertQuery, listedWithoutZeros } from './paging.ts'
import { type BodyShape, isObject, objectsOf, readBody, textOf } from './request-body.ts'
import { triggers } from './triggers.ts'

/** A trigger. https://auth0.com/docs/customize/actions/limitations */
const maxBindings = 20

/** @see https://auth0.com/docs/api/management/v2/actions/patch-bindings */
export function addBindingEndpoints(add: AddEndpoint, services: ActionServices): void {
  const { tenant } = services
  add('GET', '/actions/triggers', 'read:actions', (c) => c.json({ triggers }))
  add('GET', '/actions/triggers/:id/bindings', 'read:actions', (c) => {
    return c.json(listBindings(c, triggerOf(segment(c, 'id')), tenant))
  })
  add('PATCH', '/actions/triggers/:id/bindings', 'update:actions', async (c) => {
    const trigger = triggerOf(segment(c, 'id'))
    const body = await readBody(c, { members: { bindings: 'array' }, required: ['bindings'] })
    const bindings = bindingsOf(trigger, body, services)
    tenant.state.bindings.set(trigger, bindings)
    return c.json({ bindings: bindings.map((binding) => showBinding(binding, tenant)) })
  })
}

function listBindings(c: Context, trigger: string, tenant: Tenant): JsonObject {
  assertQuery(c, ['page', 'per_page'])
  const bindings = tenant.state.bindings.get(trigger) ?? []
  return listedWithoutZeros(c, 'bindings', bindings, (binding) => showBinding(binding, tenant))
}

/** @throws {ManagementError} 404. */
function triggerOf(id: string): string {
  if (triggers.some((trigger) => trigger.id === id)) return id
  throw new ManagementError(404, 'Trigger not found', 'trigger_not_found')
}

/** The list takes the place of the one there was, whoever bound it. */
function bindingsOf(
  trigger: string,
  body: JsonObject,
  services: ActionServices,
): readonly Binding[] {
  const policy = triggers.find(({ id }) => id === trigger)?.binding_policy
  if (policy === 'entity-bound') {
    throw invalidBody(`'${trigger} is entity-bound' on property bindings`)
  }
  const asked = objectsOf(body, 'bindings', bindingShape) ?? []
  if (asked.length > maxBindings) {
    throw invalidBody(`'Array is too long, maximum ${maxBindings}' on property bindings`)
  }
  const created_at = new Date(services.tenant.now()).toISOString()
  return asked.map((binding, position) => {
    const action = boundAction(trigger, binding, `bindings/${position}/ref`, services)
    return {
      id: randomUUID(),
      trigger_id: trigger,
      action_id: action.id,
      display_name: textOf(binding, 'display_name') ?? action.name,
      created_at,
    }
  })
}

const bindingShape: BodyShape = {
  members: { ref: 'object', display_name: 'string' },
  required: ['ref'],
}

function boundAction(
  trigger: string,
  { ref }: JsonObject,
  at: string,
  services: ActionServices,
): Action {
  const action = isObject(ref) ? referredAction(trigger, ref, services.tenant) : undefined
  if (action === undefined) throw invalidBody(`'There is no such Action' on property ${at}`)
  const { deployed, supported_triggers } = settleBuild(action, services)
  if (deployed === null) {
    const message = 'Trying to create a binding for an action that has not been deployed yet'
    throw new ManagementError(400, message, 'action_not_deployed')
  }
  if (supported_triggers.some(({ id }) => id === trigger)) return action
  throw invalidBody(`'The Action is not for ${trigger}' on property ${at}`)
}

/** By name, by id, or by a binding that is there already. */
function referredAction(
  trigger: string,
  { type, value }: JsonObject,
  { state }: Tenant,
): Action | undefined {
  if (type === 'action_name') return [...state.actions.values()].find(({ name }) => name === value)
  if (type !== 'binding_id') return type === 'action_id' ? state.actions.get(`${value}`) : undefined
  const binding = state.bindings.get(trigger)?.find(({ id }) => id === value)
  return binding && state.actions.get(binding.action_id)
}

function showBinding(binding: Binding, { state }: Tenant): JsonObject {
  const { id, trigger_id, action_id, display_name, created_at } = binding
  const action = state.actions.get(action_id)
  return {
    id,
    trigger_id,
    display_name,
    ...(action !== undefined && { action: showBound(action) }),
    created_at,
    updated_at: created_at,
  }
}
