/** A subscription, as its limits go. */
export type Plan =
  | 'free'
  | 'essentials'
  | 'professional'
  | 'enterprise-production'
  | 'enterprise-non-production'

/** A token bucket: `size` requests at once, `rate` more every second or minute. */
export interface Limit {
  /** Ours: Auth0 logs the names of its buckets, and does not publish them. */
  readonly bucket: string
  readonly size: number
  readonly rate: number
  readonly per: 'minute' | 'second'
}

/** A bucket that requests to some endpoints share. */
interface EndpointLimit extends Limit {
  readonly methods: string
  /** Of the path under `/api/v2`. */
  readonly paths: RegExp
}

/** Limits of the Management API. */
export interface PlanLimits {
  /** Of every request, before any other. */
  readonly global: Limit | null
  /** The first that takes a request counts it. */
  readonly endpoints: readonly EndpointLimit[]
  /** Of all requests together that no entry of `endpoints` takes. */
  readonly others: Limit | null
}

const read = 'GET HEAD'
const write = 'POST PATCH PUT'
const change = `${write} DELETE`

/** Bucket, burst, requests a minute, methods, paths. */
type Row = readonly [string, number, number, string, RegExp]

const templates = /^\/email-templates(\/|$)/
const provider = /^\/emails\/provider$/
const partials = /^\/prompts\/[^/]+\/partials$/
const users = /^\/users(\/|$)/
const organizations = /^\/organizations$/
const organization = /^\/organizations\/[^/]+$/
const organizationByName = /^\/organizations\/name\/[^/]+$/
const organizationConnections = /^\/organizations\/[^/]+\/enabled_connections(\/|$)/

/** What self-service plans and Enterprise have in common. */
const shared: readonly Row[] = [
  ['read_member_roles', 20, 200, read, /^\/organizations\/[^/]+\/members\/[^/]+\/roles$/],
  ['write_member_roles', 20, 200, change, /^\/organizations\/[^/]+\/members\/[^/]+\/roles$/],
  // Listed twice, also with 40 and 500 a minute: the stricter one holds here.
  ['read_organization_members', 20, 200, read, /^\/organizations\/[^/]+\/members$/],
  ['write_organization_members', 20, 200, change, /^\/organizations\/[^/]+\/members$/],
  ['read_prompt_partials', 5, 5, read, partials],
  ['write_prompt_partials', 5, 5, change, partials],
  ['read_token_exchange_profiles', 20, 200, read, /^\/token-exchange-profiles(\/|$)/],
  ['write_token_exchange_profiles', 5, 100, change, /^\/token-exchange-profiles(\/|$)/],
]

const smallEmail: readonly Row[] = [
  ['write_email_templates', 5, 25, change, templates],
  ['read_email_templates', 10, 50, read, templates],
  ['write_email_provider', 5, 25, change, provider],
  ['read_email_provider', 5, 25, read, provider],
]

// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/free-public
const free: PlanLimits = {
  global: { bucket: 'global', size: 2, rate: 2, per: 'second' },
  endpoints: smallEmail.map(endpointLimit),
  others: null,
}

// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/essentials-professional-b2b
const selfServiceRows: readonly Row[] = [
  ...shared,
  ...smallEmail,
  ['read_organizations', 5, 50, read, organizations],
  ['read_organizations_by_name', 10, 100, read, organizationByName],
  ['read_organizations_by_id', 20, 200, read, organization],
  ['write_organizations', 5, 25, change, /^\/organizations(\/[^/]+)?$/],
  ['read_organization_connections', 5, 50, read, organizationConnections],
  ['write_organization_connections', 5, 25, change, organizationConnections],
  ['read_users', 40, 500, read, /^\/users(-by-email)?(\/|$)/],
  ['write_users', 20, 200, write, users],
  ['delete_users', 20, 200, 'DELETE', users],
  ['read_logs', 10, 100, read, /^\/logs(\/|$)/],
  ['read_clients', 5, 100, read, /^\/clients(\/|$)/],
  ['read_connections', 5, 50, read, /^\/connections(\/|$)/],
]

const selfService: PlanLimits = {
  global: null,
  endpoints: selfServiceRows.map(endpointLimit),
  others: { bucket: 'other_endpoints', size: 10, rate: 150, per: 'minute' },
}

// https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations/enterprise-public
const enterpriseRows: readonly Row[] = [
  ...shared,
  ['read_organizations_by_name', 20, 200, read, organizationByName],
  ['write_organizations', 5, 150, change, /^\/organizations(\/[^/]+)?$/],
  ['read_organization_connections', 10, 100, read, organizationConnections],
  ['write_organization_connections', 5, 150, change, organizationConnections],
  ['write_email_templates', 10, 100, change, templates],
  ['read_email_templates', 15, 150, read, templates],
  ['write_email_provider', 10, 100, change, provider],
  ['read_email_provider', 15, 150, read, provider],
]

function enterprise(size: number, rate: number): PlanLimits {
  const global: Limit = { bucket: 'global', size, rate, per: 'second' }
  return { global, endpoints: enterpriseRows.map(endpointLimit), others: null }
}

export const limitsOf: Readonly<Record<Plan, PlanLimits>> = {
  free,
  essentials: selfService,
  professional: selfService,
  'enterprise-production': enterprise(50, 16),
  'enterprise-non-production': enterprise(10, 2),
}

function endpointLimit([bucket, size, rate, methods, paths]: Row): EndpointLimit {
  return { bucket, size, rate, per: 'minute', methods, paths }
}
