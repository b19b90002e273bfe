import type { Applications } from './applications.ts'
import type { Base } from './context.ts'

interface Organization {
  readonly id: string
  /** With these a login asks for it, as an application that may. */
  readonly parameters: { readonly client_id: string; readonly organization: string }
}

export interface Organizations {
  /**
   * An organization without members.
   *
   * @param connection How the people of the database get into it.
   */
  organization(database: { readonly id: string }, connection?: object): Promise<Organization>
}

export function createOrganizations(
  { maker, name, tenant }: Base,
  { application, open }: Applications,
): Organizations {
  return {
    async organization(database, connection = {}) {
      const resource = { kind: 'organization', name: name() } as const
      const body = {
        name: resource.name,
        display_name: resource.name,
        enabled_connections: [{ connection_id: database.id, ...connection }],
      }
      const create = () => tenant.manage('POST', 'organizations', body)
      const { id } = await maker.make<{ readonly id: string }>(resource, create)
      const member = await application({ organization_usage: 'allow' })
      await open(database, member)
      return { id, parameters: { client_id: member.client_id, organization: id } }
    },
  }
}
