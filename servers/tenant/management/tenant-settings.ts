import type { JsonObject, Tenant } from '../state.ts'
import type { AddEndpoint } from './endpoint.ts'
import { invalidBody } from './management-error.ts'
import { withFields } from './paging.ts'
import { type BodyShape, isObject, readBody, withoutNulls } from './request-body.ts'

/** https://auth0.com/docs/api/management/v2/tenants/patch-settings */
const changedSettings: BodyShape = {
  members: {
    acr_values_supported: 'array',
    allow_organization_name_in_authentication_api: 'boolean',
    allowed_logout_urls: 'array',
    authorization_response_iss_parameter_supported: 'boolean',
    change_password: 'object',
    client_id_metadata_document_supported: 'boolean',
    country_codes: 'object',
    customize_mfa_in_postlogin_action: 'boolean',
    default_audience: 'string',
    default_directory: 'string',
    default_redirection_uri: 'string',
    default_token_quota: 'object',
    device_flow: 'object',
    dynamic_client_registration_security_mode: ['permissive', 'strict'],
    enable_ai_guide: 'boolean',
    enabled_locales: 'array',
    ephemeral_session_lifetime: 'number',
    ephemeral_session_lifetime_in_minutes: 'number',
    error_page: 'object',
    flags: 'object',
    friendly_name: 'string',
    guardian_mfa_page: 'object',
    idle_ephemeral_session_lifetime: 'number',
    idle_ephemeral_session_lifetime_in_minutes: 'number',
    idle_session_lifetime: 'number',
    idle_session_lifetime_in_minutes: 'number',
    include_session_metadata_in_tenant_logs: 'boolean',
    legacy_sandbox_version: 'string',
    mtls: 'object',
    oidc_logout: 'object',
    phone_consolidated_experience: 'boolean',
    picture_url: 'string',
    pushed_authorization_requests_supported: 'boolean',
    resource_parameter_profile: ['audience', 'compatibility'],
    sandbox_version: ['22', '18', '12'],
    security_headers: 'object',
    session_cookie: 'object',
    session_lifetime: 'number',
    session_lifetime_in_minutes: 'number',
    sessions: 'object',
    skip_non_verifiable_callback_uri_confirmation_prompt: 'boolean',
    support_email: 'string',
    support_url: 'string',
    universal_login: 'object',
  },
  nullable: [
    ...['acr_values_supported', 'allow_organization_name_in_authentication_api'],
    ...['authorization_response_iss_parameter_supported', 'change_password', 'country_codes'],
    ...['customize_mfa_in_postlogin_action', 'default_token_quota', 'device_flow', 'error_page'],
    ...['guardian_mfa_page', 'mtls', 'pushed_authorization_requests_supported'],
    ...['security_headers', 'session_cookie', 'sessions'],
    'skip_non_verifiable_callback_uri_confirmation_prompt',
  ],
}

/**
 * Which sandboxes there are is told to who asks, and to nobody who changes something.
 *
 * @see https://auth0.com/docs/api/management/v2/tenants
 * @see https://github.com/auth0/auth0-deploy-cli/tree/master/test/e2e/recordings
 */
export function addTenantSettingsEndpoints(add: AddEndpoint, { state }: Tenant): void {
  const settings = () => state.settings.get('tenant') ?? {}
  add('GET', '/tenants/settings', 'read:tenant_settings', (c) => c.json(withFields(c, settings())))
  add('PATCH', '/tenants/settings', 'update:tenant_settings', async (c) => {
    const given = await readBody(c, changedSettings)
    checkValues(given)
    const body = inHours(given)
    const before = settings()
    const flags = { ...flagsOf(before), ...flagsOf(body) }
    state.settings.set('tenant', { ...withoutNulls({ ...before, ...body }), flags })
    const { sandbox_versions_available: _, ...shown } = settings()
    return c.json(shown)
  })
}

/** @throws {ManagementError} 400 for a flag that is no boolean, and for a session that would never be. */
function checkValues(body: JsonObject): void {
  for (const [name, value] of Object.entries(flagsOf(body))) {
    if (typeof value === 'boolean') continue
    throw invalidBody(`'Expected type boolean' on property flags/${name}`)
  }
  for (const [name, value] of Object.entries(body)) {
    if (!/_lifetime(_in_minutes)?$/.test(name) || typeof value !== 'number' || value > 0) continue
    throw invalidBody(`'Value is less than minimum' on property ${name}`)
  }
}

function flagsOf({ flags }: JsonObject): JsonObject {
  return isObject(flags) ? flags : {}
}

/** Lifetimes are kept in hours, whatever the unit they came in. */
function inHours(body: JsonObject): JsonObject {
  const inMinutes = '_in_minutes'
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) =>
      name.endsWith(inMinutes) && typeof value === 'number'
        ? [name.slice(0, -inMinutes.length), value / 60]
        : [name, value],
    ),
  )
}
