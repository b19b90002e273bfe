import { rulesConfiguration, rulesOf, type TenantRule } from '../rules.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { ManagementError } from './management-error.ts'
import { assertQuery, listed, pageQuery, withFields } from './paging.ts'
import { readBody } from './request-body.ts'

/**
 * Rules and Hooks. A tenant of today has neither, and says so; deploy-cli then skips them. One of
 * before 2023-10-16 has Rules that nobody can make or rewrite since 2024-11-18: they can be switched
 * on and off, put in another order and taken away, and their configuration be set.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
 */
export function addRuleEndpoints(add: AddEndpoint, tenant: Tenant): void {
  addReading(add, tenant)
  addSwitching(add, tenant)
  addConfiguration(add, tenant)
  for (const [method, path, scope] of hookEndpoints) add(method, path, scope, refuse)
}

function addReading(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/rules', 'read:rules', (c) => {
    assertQuery(c, [...pageQuery, 'enabled'])
    const enabled = c.req.query('enabled')
    const rules = [...running(tenant).values()]
      .filter((rule) => enabled === undefined || String(rule.enabled) === enabled)
      .toSorted((a, b) => a.order - b.order)
    return c.json(listed(c, 'rules', rules, ({ id }) => id))
  })
  add('GET', '/rules/:id', 'read:rules', (c) => {
    return c.json(withFields(c, ruleOf(tenant, segment(c, 'id'))))
  })
}

function addSwitching(add: AddEndpoint, tenant: Tenant): void {
  add('POST', '/rules', 'create:rules', () => {
    running(tenant)
    throw readOnly()
  })
  add('PATCH', '/rules/:id', 'update:rules', async (c) => {
    const rule = ruleOf(tenant, segment(c, 'id'))
    const members = {
      enabled: 'boolean',
      name: 'string',
      order: 'integer',
      script: 'string',
    } as const
    const body = await readBody(c, { members })
    if (body.script !== undefined && body.script !== rule.script) throw readOnly()
    const changed = { ...rule, ...body } as TenantRule
    running(tenant).set(rule.id, changed)
    return c.json(changed)
  })
  add('DELETE', '/rules/:id', 'delete:rules', (c) => {
    running(tenant).delete(ruleOf(tenant, segment(c, 'id')).id)
    return c.body(null, 204)
  })
}

/** Values are set, and never shown. */
function addConfiguration(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/rules-configs', 'read:rules_configs', (c) => {
    running(tenant)
    return c.json([...rulesConfiguration(tenant).keys()].map((key): JsonObject => ({ key })))
  })
  add('PUT', '/rules-configs/:key', 'update:rules_configs', async (c) => {
    running(tenant)
    const key = segment(c, 'key')
    const shape = { members: { value: 'string' }, required: ['value'] } as const
    const { value = '' } = await readBody(c, shape)
    rulesConfiguration(tenant).set(key, { key, value })
    return c.json({ key, value })
  })
  add('DELETE', '/rules-configs/:key', 'delete:rules_configs', (c) => {
    running(tenant)
    rulesConfiguration(tenant).delete(segment(c, 'key'))
    return c.body(null, 204)
  })
}

const hookEndpoints = [
  ['GET', '/hooks', 'read:hooks'],
  ['POST', '/hooks', 'create:hooks'],
  ['GET', '/hooks/:id', 'read:hooks'],
  ['PATCH', '/hooks/:id', 'update:hooks'],
  ['DELETE', '/hooks/:id', 'delete:hooks'],
] as const

function running(tenant: Tenant): Map<string, TenantRule> {
  return rulesOf(tenant) ?? refuse()
}

function ruleOf(tenant: Tenant, id: string): TenantRule {
  const rule = running(tenant).get(id)
  if (rule === undefined) {
    throw new ManagementError(404, 'The rule does not exist.', 'inexistent_rule')
  }
  return rule
}

function readOnly(): ManagementError {
  const message = 'Rules are read-only since 2024-11-18. Use Actions instead.'
  return new ManagementError(403, message, 'operation_not_supported')
}

function refuse(): never {
  const message = 'This tenant does not have this deprecated feature. Use Actions instead.'
  throw new ManagementError(403, message, 'feature_not_enabled')
}
