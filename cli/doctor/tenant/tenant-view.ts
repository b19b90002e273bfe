import type { NotChecked, Place } from '../finding.ts'

/** The parts of a tenant that the doctor looks at, by deploy-cli's names. */
export const sections = [
  'actions',
  'attackProtection',
  'clientGrants',
  'clients',
  'connections',
  'databases',
  'emailProvider',
  'emailTemplates',
  'hooks',
  'organizations',
  'pages',
  'resourceServers',
  'rules',
  'tenant',
  'triggers',
] as const

export type Section = (typeof sections)[number]

/** What kind of code: of an Action, a Rule, a Hook, or the slot of a database script. */
export type CodeKind = string

export interface Code {
  readonly kind: CodeKind
  readonly text: string
  readonly place: Place
}

/** A resource of a tenant, as an export or the Management API has it. */
export interface Resource {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>>
  readonly code: readonly Code[]
  /** Where a member of it stands: `place('options', 'import_mode')`. */
  place(...path: (number | string)[]): Place
}

/** A tenant, read from a file, from a folder or by its Management API. */
export interface TenantView {
  /** A deploy file has what will be published, placeholders and all; a live tenant what is. */
  readonly origin: 'file' | 'live'
  /** undefined: nobody knows, because of `because`. Empty: there are none. */
  section(name: Section): readonly Resource[] | undefined
  /** Why a section is not there: `the export has no rules`. */
  because(name: Section): string
  /** What could not be read on the way. */
  readonly problems: readonly NotChecked[]
}

const singular: Readonly<Record<Section, string>> = {
  actions: 'action',
  attackProtection: 'attack protection',
  clientGrants: 'client grant',
  clients: 'client',
  connections: 'connection',
  databases: 'connection',
  emailProvider: 'email provider',
  emailTemplates: 'email template',
  hooks: 'hook',
  organizations: 'organization',
  pages: 'page',
  resourceServers: 'resource server',
  rules: 'rule',
  tenant: 'tenant settings',
  triggers: 'trigger',
}

/** `connection legacy-users`; `tenant settings` where there is one of a kind. */
export function resourceName(section: Section, name: string): string {
  return name === '' ? singular[section] : `${singular[section]} ${name}`
}
