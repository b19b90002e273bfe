import type { Json, JsonObject } from '../../../servers/tenant/state.ts'
import { type Assets, isObject, listOf } from './deploy-cli-folders.ts'
import type { StartedTenant } from './started-tenant.ts'

const triggers = [
  'credentials-exchange',
  'post-change-password',
  'post-login',
  'post-user-registration',
  'pre-user-registration',
]

/**
 * What the Management API shows of a tenant, as deploy-cli's files say it: applications by name, pages
 * and settings apart, grants, bindings and permissions where they belong.
 */
export async function shownAssets({ call }: StartedTenant): Promise<Assets> {
  const get = async (path: string) => (await call('GET', path)).body
  const clients: readonly JsonObject[] = await get('/clients?per_page=100')
  const nameOf = (id: Json | undefined): Json =>
    clients.find(({ client_id }) => client_id === id)?.name ?? null
  const connections = listOf(await get('/connections')).map((one) => ({
    ...one,
    enabled_clients: namesOf(one.enabled_clients, nameOf),
  }))
  const tenant = await get('/tenants/settings')
  return {
    actions: (await get('/actions/actions')).actions,
    clientGrants: listOf(await get('/client-grants?per_page=100')).map((one) => ({
      ...one,
      client_id: nameOf(one.client_id),
    })),
    clients: clients.map((client) => ({
      ...client,
      // The name of before, which deploy-cli translates.
      cross_origin_auth: client.cross_origin_authentication ?? false,
    })),
    connections,
    databases: connections,
    emailProvider: await get('/emails/provider'),
    emailTemplates: await Promise.all(
      ['verify_email', 'welcome_email'].map((name) => get(`/email-templates/${name}`)),
    ),
    organizations: await Promise.all(
      listOf(await get('/organizations')).map(async (one) => ({
        ...one,
        connections: listOf(await get(`/organizations/${one.id}/enabled_connections`)).map(
          (enabled) => ({ ...enabled, ...(isObject(enabled.connection) && enabled.connection) }),
        ),
      })),
    ),
    pages: pagesOf(tenant, clients),
    resourceServers: await get('/resource-servers'),
    roles: await Promise.all(
      listOf(await get('/roles')).map(async (one) => ({
        ...one,
        permissions: await get(`/roles/${one.id}/permissions`),
      })),
    ),
    tenant,
    triggers: Object.fromEntries(
      await Promise.all(triggers.map(async (trigger) => [trigger, await bindings(trigger, get)])),
    ),
  }
}

function namesOf(ids: Json | undefined, nameOf: (id: Json) => Json): readonly Json[] {
  return Array.isArray(ids) ? ids.map(nameOf).toSorted() : []
}

async function bindings(trigger: string, get: (path: string) => Promise<JsonObject>) {
  const { bindings } = await get(`/actions/triggers/${trigger}/bindings`)
  return listOf(bindings).map(({ action, display_name }) => ({
    action_name: isObject(action) ? (action.name ?? null) : null,
    display_name: display_name ?? null,
  }))
}

/** The login page is on an application of its own, the others are settings. */
function pagesOf(tenant: JsonObject, clients: readonly JsonObject[]): readonly JsonObject[] {
  const page = (name: string, settings: Json | undefined) => ({
    ...(isObject(settings) && settings),
    name,
  })
  const login = clients.find(({ custom_login_page }) => custom_login_page !== undefined)
  return [
    page('error_page', tenant.error_page),
    page('guardian_multifactor', tenant.guardian_mfa_page),
    page('password_reset', tenant.change_password),
    page('login', {
      html: login?.custom_login_page ?? '',
      enabled: login?.custom_login_page_on ?? false,
    }),
  ]
}
