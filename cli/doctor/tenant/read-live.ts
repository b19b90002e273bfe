import { type Answer, type Auth0Tenant, succeeded } from '../../auth0-tenant.ts'
import { CommandError } from '../../command.ts'
import { listByCheckpoint, listResources } from '../../list-resources.ts'
import { addConnectionClients, addOrganizationConnections, listOfActions } from './live-details.ts'
import { codeItself } from './read-code.ts'
import { resourceOf } from './resources.ts'
import { type Fields, isFields, textAt } from './shape.ts'
import { type Resource, type Section, sections, type TenantSource } from './tenant-view.ts'

type Reader = (tenant: Auth0Tenant) => Promise<readonly unknown[]>

/** Each section by GETs alone. */
const readers: Readonly<Record<Section, Reader>> = {
  actions: (tenant) => listOfActions(tenant, 'actions/actions', 'actions'),
  attackProtection: async (tenant) => [
    {
      breachedPasswordDetection: await one(tenant, 'attack-protection/breached-password-detection'),
    },
  ],
  clientGrants: (tenant) => listByCheckpoint(tenant, 'client-grants', 'client_grants'),
  clients: (tenant) => listByCheckpoint(tenant, 'clients', 'clients'),
  connections: async (tenant) => (await connectionsOf(tenant)).filter((one) => !isDatabase(one)),
  databases: async (tenant) =>
    addConnectionClients(tenant, (await connectionsOf(tenant)).filter(isDatabase)),
  emailProvider: async (tenant) => [await one(tenant, 'emails/provider')].filter(isFields),
  emailTemplates: async (tenant) => {
    const templates: unknown[] = []
    for (const name of templateNames) templates.push(await one(tenant, `email-templates/${name}`))
    return templates.filter(isFields)
  },
  hooks: (tenant) => listResources(tenant, 'hooks', 'hooks'),
  organizations: async (tenant) =>
    addOrganizationConnections(
      tenant,
      await listByCheckpoint<Fields>(tenant, 'organizations', 'organizations'),
    ),
  // The classic login page is of the application that stands for all.
  pages: async (tenant) => {
    const all = await listResources<Fields>(tenant, 'clients?is_global=true', 'clients')
    return all.map((one) => ({
      name: 'login',
      html: textAt(one, 'custom_login_page') ?? '',
      enabled: one.custom_login_page_on === true,
    }))
  },
  resourceServers: (tenant) => listResources(tenant, 'resource-servers', 'resource_servers'),
  rules: (tenant) => listResources(tenant, 'rules', 'rules'),
  tenant: async (tenant) => [await one(tenant, 'tenants/settings')].filter(isFields),
  triggers: async (tenant) => [
    {
      name: 'post-login',
      bindings: (
        await listOfActions(tenant, 'actions/triggers/post-login/bindings', 'bindings')
      ).map((binding) => ({ ...binding, action_name: textAt(binding, 'action', 'name') })),
    },
  ],
}

/** Those whose customisation shows that nobody has an email provider, and those of a first login. */
const templateNames = [
  'verify_email',
  'verify_email_by_code',
  'reset_email',
  'reset_email_by_code',
  'welcome_email',
  'blocked_account',
  'stolen_credentials',
]

/**
 * Reads a tenant by its Management API. What may not be read is no section, and why is told.
 *
 * @param report Called with the section that is being read.
 * @throws {CommandError} `tenant_unreachable`, `token_refused`, `interrupted`, ….
 */
export async function readLiveTenant(
  tenant: Auth0Tenant,
  report: (section: Section, done: number) => void = () => {},
): Promise<TenantSource> {
  const found = new Map<Section, readonly Resource[]>()
  const reasons = new Map<Section, string>()
  for (const [done, section] of sections.entries()) {
    report(section, done)
    try {
      const values = await readers[section](tenant)
      found.set(
        section,
        values.flatMap((value) => resourceOf(section, value, liveOrigin) ?? []),
      )
    } catch (error) {
      if (!(error instanceof CommandError) || !isOfSection(error)) throw error
      if (isNotThere(error)) found.set(section, [])
      else reasons.set(section, error.message.replace(/\.$/, ''))
    }
  }
  return {
    origin: 'live',
    entries: (name) => found.get(name),
    because: (name) => reasons.get(name) ?? `${tenant.domain} was not asked for ${name}`,
    problems: [],
  }
}

const liveOrigin = { code: codeItself, place: () => ({}), codePlace: () => null }

function isOfSection({ code }: CommandError): boolean {
  return code === 'scope_missing' || code === 'request_failed'
}

/** Tenants created since 2023-10-16 have neither Rules nor Hooks, and say so. */
function isNotThere({ message }: CommandError): boolean {
  return message.includes('403 feature_not_enabled')
}

/**
 * Without a scope of their own the options are left out, and a connection looks like one that has none.
 * https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-connection-options-scope
 */
async function connectionsOf(tenant: Auth0Tenant): Promise<readonly Fields[]> {
  const connections = await listByCheckpoint<Fields>(tenant, 'connections', 'connections')
  if (connections.every(({ options }) => options !== undefined)) return connections
  const why = 'GET connections gives options to read:connections_options alone: grant it'
  throw new CommandError('scope_missing', `${why} to the application of AUTH0_CLIENT_ID.`)
}

function isDatabase(connection: Fields): boolean {
  return connection.strategy === 'auth0'
}

/** One resource; null where there is none. */
async function one(tenant: Auth0Tenant, path: string): Promise<unknown> {
  const answer: Answer = await tenant.manage('GET', path)
  if (answer.status === 404) return null
  return succeeded<unknown>(answer, `GET ${path}`)
}
