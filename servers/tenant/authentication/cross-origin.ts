import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Client, Tenant } from '../state.ts'
import { organizationsOf } from '../users/organizations.ts'
import { originsOf } from './allowed-origins.ts'
import { isRegistered } from './registered-urls.ts'

/** What scripts of applications call; pages and redirects are none of it. */
const endpoints = [
  '/oauth/token',
  '/oauth/revoke',
  '/userinfo',
  '/dbconnections/signup',
  '/dbconnections/change_password',
]

/**
 * Lets scripts of applications read answers: of origins that an application allows, or has callbacks
 * of. A preflight does not say which application asks, so one of the tenant’s is enough (assumption
 * `origins-are-the-tenants`). What is public is for all.
 *
 * @see https://auth0.com/docs/get-started/applications/set-up-cors
 */
export function allowOrigins(app: Hono, tenant: Tenant): void {
  const allowed = cors({
    origin: (origin) => (isAllowed(tenant, origin) ? origin : null),
    allowMethods: ['GET', 'POST'],
    maxAge: 86_400, // seconds
  })
  for (const endpoint of endpoints) app.use(endpoint, allowed)
  app.use('/.well-known/*', cors({ origin: '*', allowMethods: ['GET'] }))
}

function isAllowed(tenant: Tenant, origin: string): boolean {
  if (origin === '') return false
  return [...tenant.state.clients.values()].some((client) => allows(tenant, client, origin))
}

function allows(tenant: Tenant, client: Client, origin: string): boolean {
  const origins = [...originsOf(client.allowed_origins), ...originsOf(client.callbacks)]
  return [null, ...organizationNames(tenant, client)].some((name) =>
    isRegistered(origins, origin, name),
  )
}

/** What `{organization_name}` may stand for: a request that is no login names no organization. */
function organizationNames(
  tenant: Tenant,
  { organization_usage: usage }: Client,
): readonly string[] {
  if (usage !== 'allow' && usage !== 'require') return []
  return [...organizationsOf(tenant).values()].map(({ name }) => name)
}
