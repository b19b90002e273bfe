import { readSetting, type SettingValues } from './settings.ts'

/** The slice of a login that says which API a token is asked for. */
export interface AudienceRequest {
  readonly resource_server?: { readonly identifier?: unknown } | undefined
  readonly request?: {
    readonly query?: { readonly [key: string]: unknown } | undefined
    readonly body?: { readonly [key: string]: unknown } | undefined
  }
}

export type AudienceDecision = 'allow' | 'deny' | 'deny-unconfigured'

/**
 * Decides whether a person's login may go on. Only people reach `post-login`: a machine gets its
 * token by client credentials, which does not run this trigger.
 *
 * Without the audience setting nobody can tell the legacy API from another, so that every login
 * that asks for an API is denied.
 *
 * @see https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger
 */
export function decideAudience(login: AudienceRequest, values: SettingValues): AudienceDecision {
  const identifier = login.resource_server?.identifier
  const { query, body } = login.request ?? {}
  const audience = readSetting(values, 'LEGACY_API_AUDIENCE')
  if (audience === undefined) {
    return asks(identifier) || asksForApi(query) || asksForApi(body) ? 'deny-unconfigured' : 'allow'
  }
  return identifier === audience || names(query, audience) || names(body, audience)
    ? 'deny'
    : 'allow'
}

/** The parameters by which a request names an API, `resource` where the tenant reads it so (RFC 8707). */
function names(parameters: AudienceParameters, audience: string): boolean {
  if (parameters === undefined || parameters === null) return false
  return holds(parameters.audience, audience) || holds(parameters.resource, audience)
}

type AudienceParameters = { readonly [key: string]: unknown } | null | undefined

function asksForApi(parameters: AudienceParameters): boolean {
  if (parameters === undefined || parameters === null) return false
  return asks(parameters.audience) || asks(parameters.resource)
}

function holds(value: unknown, audience: string): boolean {
  return value === audience || (Array.isArray(value) && value.includes(audience))
}

function asks(value: unknown): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== null && value !== ''
}
