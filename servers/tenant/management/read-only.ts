import { isDeepStrictEqual } from 'node:util'
import type { Context } from 'hono'
import type { Json } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { invalidBody, ManagementError } from './management-error.ts'
import { listed } from './paging.ts'

/**
 * What deploy-cli reads for an export, and a tenant has where nobody set it: lists are empty, the
 * rest is as Auth0 delivers it. None of it can be changed here; that it stays as it is may be said,
 * as an export says it that is imported again.
 */
export function addReadOnlyEndpoints(add: AddEndpoint): void {
  for (const [path, resource, name] of emptyLists) {
    add('GET', path, `read:${resource}`, (c) => c.json(listed(c, name, [], () => undefined)))
  }
  for (const [path, resource, body] of fixed) {
    add('GET', path, `read:${resource}`, (c) => c.json(body))
    for (const method of ['PATCH', 'PUT'] as const) {
      add(method, path, `update:${resource}`, async (c) => c.json(await unchanged(c, body)))
    }
  }
  add('PUT', '/guardian/factors/:name', 'update:guardian_factors', async (c) => {
    const factor = guardianFactors.find(({ name }) => name === segment(c, 'name'))
    if (factor === undefined) throw new ManagementError(404, 'Not Found', 'inexistent_factor')
    const { enabled } = factor
    return c.json(await unchanged(c, { enabled }))
  })
  add('GET', '/branding/themes/default', 'read:branding', () => {
    const message = 'There was an error retrieving branding settings: invalid theme ID'
    throw new ManagementError(404, message, 'theme_not_found')
  })
  add('GET', '/supplemental-signals', 'read:attack_protection', () => {
    const message = 'Please upgrade your subscription to enable Akamai Signals.'
    throw new ManagementError(403, message, 'insufficient_scope')
  })
}

const cannotBeChanged =
  'The stand-in tenant acts on none of this, and keeps it as Auth0 delivers it: leave it out, as by AUTH0_EXCLUDED of deploy-cli'

/** @throws {ManagementError} 400 for a body that would change anything. */
async function unchanged(c: Context, body: Json): Promise<Json> {
  const given: unknown = await c.req.json().catch(() => null)
  if (isDeepStrictEqual(given, body)) return body
  if (!isObject(given) || !isObject(body)) throw invalidBody(`'${cannotBeChanged}'`)
  for (const [name, value] of Object.entries(given)) {
    if (isDeepStrictEqual(value, body[name])) continue
    throw invalidBody(`'${cannotBeChanged}' on property ${name}`)
  }
  return body
}

/** Path, what its scope is for, and the name of the list where it is in an object. */
const emptyLists: readonly (readonly [string, string, string])[] = [
  ['/connection-profiles', 'connection_profiles', 'connection_profiles'],
  ['/connections-directory-provisionings', 'directory_provisionings', 'directory_provisionings'],
  ['/custom-domains', 'custom_domains', 'custom_domains'],
  ['/event-streams', 'event_streams', 'eventStreams'],
  ['/flows', 'flows', 'flows'],
  ['/flows/vault/connections', 'flows_vault_connections', 'connections'],
  ['/forms', 'forms', 'forms'],
  ['/log-streams', 'log_streams', 'log_streams'],
  ['/network-acls', 'network_acls', 'network_acls'],
  ['/prompts/rendering', 'prompts', 'configs'],
  ['/rate-limit-policies', 'rate_limit_policies', 'rate_limit_policies'],
  ['/self-service-profiles', 'self_service_profiles', 'self_service_profiles'],
  ['/token-exchange-profiles', 'token_exchange_profiles', 'token_exchange_profiles'],
  ['/user-attribute-profiles', 'user_attribute_profiles', 'user_attribute_profiles'],
]

const factors = [
  'sms',
  'push-notification',
  'otp',
  'email',
  'duo',
  'webauthn-roaming',
  'webauthn-platform',
  'recovery-code',
]

const guardianFactors = factors.map((name) => ({ name, enabled: false, trial_expired: false }))

const fixed: readonly (readonly [string, string, Json])[] = [
  [
    '/attack-protection/bot-detection',
    'attack_protection',
    {
      challenge_password_policy: 'never',
      challenge_passwordless_policy: 'never',
      challenge_password_reset_policy: 'never',
      allowlist: [],
      bot_detection_level: 'medium',
      monitoring_mode_enabled: false,
    },
  ],
  [
    '/attack-protection/breached-password-detection',
    'attack_protection',
    { enabled: false, shields: [], admin_notification_frequency: [], method: 'standard' },
  ],
  [
    '/attack-protection/captcha',
    'attack_protection',
    { active_provider_id: 'auth_challenge', auth_challenge: { fail_open: false } },
  ],
  [
    '/attack-protection/suspicious-ip-throttling',
    'attack_protection',
    {
      enabled: true,
      shields: ['admin_notification', 'block'],
      allowlist: [],
      stage: {
        'pre-login': { max_attempts: 100, rate: 864_000 },
        'pre-user-registration': { max_attempts: 50, rate: 1_200 },
      },
    },
  ],
  ['/branding', 'branding', {}],
  ['/branding/phone/providers', 'phone_providers', { providers: [] }],
  ['/branding/phone/templates', 'phone_templates', { templates: [] }],
  ['/guardian/factors', 'guardian_factors', guardianFactors],
  ['/guardian/factors/phone/message-types', 'guardian_factors', { message_types: [] }],
  ['/guardian/factors/phone/selected-provider', 'guardian_factors', { provider: 'auth0' }],
  ['/guardian/factors/push-notification/providers/sns', 'guardian_factors', {}],
  ['/guardian/factors/sms/providers/twilio', 'guardian_factors', {}],
  ['/guardian/factors/sms/templates', 'guardian_factors', {}],
  ['/guardian/policies', 'mfa_policies', []],
  ['/prompts', 'prompts', { universal_login_experience: 'new', identifier_first: false }],
  ['/prompts/:prompt/custom-text/:language', 'prompts', {}],
  ['/prompts/:prompt/partials', 'prompts', {}],
  ['/risk-assessments/settings', 'attack_protection', { enabled: false }],
  ['/risk-assessments/settings/new-device', 'attack_protection', { remember_for: 30 }],
]
