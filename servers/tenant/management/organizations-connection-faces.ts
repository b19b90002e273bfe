import type { JsonObject, Tenant } from '../state.ts'
import { isEnabled, type OrganizationConnection } from '../users/organizations.ts'
import type { BodyShape } from './request-body.ts'

/** The same connections under two paths: the enabled ones, and all with whether they are. */
export interface Face {
  readonly path: string
  /** Of the list in an object. */
  readonly list: string
  readonly shape: BodyShape
  /** Beside totals, `limit` is how many there are on the page. */
  readonly hasOddLimit: boolean
  shows(entry: OrganizationConnection): boolean
  show(entry: OrganizationConnection, tenant: Tenant): JsonObject
}

const switches = {
  assign_membership_on_login: 'boolean',
  is_signup_enabled: 'boolean',
  show_as_button: 'boolean',
} as const

const ofAllOnly = {
  is_enabled: 'boolean',
  organization_access_level: 'string',
  organization_connection_name: 'string',
} as const

export const entryShape: BodyShape = {
  members: { ...switches, connection_id: 'string' },
  required: ['connection_id'],
}

/**
 * @see https://auth0.com/docs/api/management/v2/organizations/get-enabled-connections
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccOrganization.yaml
 */
const enabledOnly: Face = {
  path: '/organizations/:id/enabled_connections',
  list: 'enabled_connections',
  hasOddLimit: true,
  shape: entryShape,
  shows: isEnabled,
  show: (entry, tenant) => withConnection(without(entry, Object.keys(ofAllOnly)), tenant),
}

/** What deploy-cli manages. @see https://auth0.com/docs/api/management/v2/organizations/get-organization-connections */
const all: Face = {
  path: '/organizations/:id/connections',
  list: 'connections',
  hasOddLimit: false,
  shape: {
    ...entryShape,
    members: {
      ...switches,
      connection_id: 'string',
      ...ofAllOnly,
    },
  },
  shows: () => true,
  show: (entry, tenant) => withConnection({ ...entry, is_enabled: isEnabled(entry) }, tenant),
}

export const connectionFaces: readonly Face[] = [enabledOnly, all]

function without(entry: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !names.includes(name)))
}

function withConnection(entry: JsonObject, { state }: Tenant): JsonObject {
  const { name = '', strategy = '' } = state.connections.get(String(entry.connection_id)) ?? {}
  return { ...entry, connection: { name, strategy } }
}
