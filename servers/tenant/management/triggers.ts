/** An extensibility point. Entity-bound triggers have no bindings: a connection names their Action. */
export interface Trigger {
  readonly id: string
  readonly version: string
  readonly status: 'CURRENT' | 'DEPRECATED'
  readonly runtimes: readonly string[]
  readonly default_runtime: string
  readonly binding_policy: 'entity-bound' | 'trigger-bound'
  readonly compatible_triggers: readonly { readonly id: string; readonly version: string }[]
}

/** As GET /actions/triggers of a real tenant said in August 2026; Auth0 records it in its tests. */
// https://github.com/auth0/auth0-deploy-cli/tree/master/test/e2e/recordings
export const triggers: readonly Trigger[] = [
  deprecated('post-login', 'v1'),
  { ...current('post-login', 'v3'), compatible_triggers: [{ id: 'post-login', version: 'v2' }] },
  {
    ...deprecated('post-login', 'v2'),
    runtimes: ['node18', 'node22'],
    default_runtime: 'node16',
  },
  current('credentials-exchange', 'v2'),
  deprecated('credentials-exchange', 'v1'),
  current('pre-user-registration', 'v2'),
  deprecated('pre-user-registration', 'v1'),
  deprecated('post-user-registration', 'v1'),
  current('post-user-registration', 'v2'),
  current('post-change-password', 'v2'),
  deprecated('post-change-password', 'v1'),
  deprecated('send-phone-message', 'v1'),
  current('send-phone-message', 'v2'),
  current('password-reset-post-challenge', 'v1'),
  current('custom-phone-provider', 'v1'),
  current('custom-email-provider', 'v1'),
  { ...entityBound('custom-token-exchange'), runtimes: ['node18', 'node22'] },
  entityBound('event-stream'),
  entityBound('password-hash-migration'),
  entityBound('mcp-tool'),
]

function current(id: string, version: string): Trigger {
  return {
    id,
    version,
    status: 'CURRENT',
    runtimes: ['node18-actions', 'node22'],
    default_runtime: 'node22',
    binding_policy: 'trigger-bound',
    compatible_triggers: [],
  }
}

function deprecated(id: string, version: string): Trigger {
  return {
    ...current(id, version),
    status: 'DEPRECATED',
    runtimes: ['node22'],
    default_runtime: 'node12',
  }
}

function entityBound(id: string): Trigger {
  return { ...current(id, 'v1'), runtimes: ['node22'], binding_policy: 'entity-bound' }
}
