import { at, type Fields, listAt, textAt, textsAt } from '../tenant/shape.ts'
import type { Resource, TenantView } from '../tenant/tenant-view.ts'
import type { CheckSettings } from './check.ts'

/** What the scopes of the contract end in: servers/legacy-api/openapi.yaml. */
const scopeEnding = ':legacy_users'

/** The secret by which an Action of the kit knows the audience. */
const audienceSetting = 'LEGACY_API_AUDIENCE'

/**
 * The identifiers of the legacy API: the one that somebody named, those that an Action or a connection
 * has as LEGACY_API_AUDIENCE, and those whose scopes are the contract's.
 */
export function legacyAudiences(
  view: TenantView,
  { audience }: CheckSettings,
): ReadonlySet<string> {
  if (audience !== undefined) return new Set([audience])
  const named = [
    ...(view.section('actions') ?? []).map(audienceOfAction),
    ...(view.section('databases') ?? []).map(audienceOfDatabase),
    ...(view.section('resourceServers') ?? [])
      .filter(hasScopesOfContract)
      .map(({ value }) => textAt(value, 'identifier')),
  ]
  return new Set(named.filter((one) => one !== undefined))
}

export function audienceOfAction({ value }: Resource): string | undefined {
  const secrets = listAt(value, 'secrets')
  return textAt(
    secrets.find((secret) => textAt(secret, 'name') === audienceSetting),
    'value',
  )
}

export function audienceOfDatabase({ value }: Resource): string | undefined {
  return textAt(value, 'options', 'configuration', audienceSetting)
}

export function hasScopesOfContract({ value }: Resource): boolean {
  return listAt(value, 'scopes').some((scope) => isOfContract(textAt(scope, 'value') ?? ''))
}

export function legacyApis(view: TenantView, settings: CheckSettings): readonly Resource[] {
  const audiences = legacyAudiences(view, settings)
  return (view.section('resourceServers') ?? []).filter(({ value }) =>
    audiences.has(textAt(value, 'identifier') ?? ''),
  )
}

export const unknownLegacyApi = 'nobody said which API is the legacy one: give --audience'

/** Grants of the legacy API, to whomever. */
export function legacyGrants(view: TenantView, settings: CheckSettings): readonly Resource[] {
  const audiences = legacyAudiences(view, settings)
  return (view.section('clientGrants') ?? []).filter(({ value }) =>
    audiences.has(textAt(value, 'audience') ?? ''),
  )
}

/** Auth0 gives `client` where it is not said. */
export function isForPeople({ value }: Resource): boolean {
  return value.subject_type === 'user'
}

export function grantedScopes({ value }: Resource): readonly string[] {
  return textsAt(value, 'scope')
}

export function isOfContract(scope: string): boolean {
  return scope.endsWith(scopeEnding)
}

/** The client that a grant or a connection means: exports say names, the Management API ids. */
export function clientNamed(view: TenantView, named: string): Resource | undefined {
  return (view.section('clients') ?? []).find(
    ({ name, value }) => value.client_id === named || name === named,
  )
}

export function policyOf(api: Fields, subject: 'client' | 'user'): string {
  const policy = at(api, 'subject_type_authorization', subject, 'policy')
  // https://auth0.com/docs/get-started/apis/api-access-policies-for-applications
  if (typeof policy === 'string') return policy
  return subject === 'user' ? 'allow_all' : 'require_client_grant'
}
