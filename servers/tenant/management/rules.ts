import type { AddEndpoint } from './endpoint.ts'
import { ManagementError } from './management-error.ts'

/**
 * A tenant of today has neither Rules nor Hooks, and says so; deploy-cli then skips them.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
 */
export function addRuleEndpoints(add: AddEndpoint): void {
  for (const kind of ['rules', 'hooks']) {
    add('GET', `/${kind}`, `read:${kind}`, refuse)
    add('POST', `/${kind}`, `create:${kind}`, refuse)
    add('GET', `/${kind}/:id`, `read:${kind}`, refuse)
    add('PATCH', `/${kind}/:id`, `update:${kind}`, refuse)
    add('DELETE', `/${kind}/:id`, `delete:${kind}`, refuse)
  }
  add('GET', '/rules-configs', 'read:rules_configs', refuse)
  add('PUT', '/rules-configs/:key', 'update:rules_configs', refuse)
  add('DELETE', '/rules-configs/:key', 'delete:rules_configs', refuse)
}

function refuse(): never {
  const message = 'This tenant does not have this deprecated feature. Use Actions instead.'
  throw new ManagementError(403, message, 'feature_not_enabled')
}
