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
  /** Read when it is asked for: most of it is never looked at. */
  readonly code: readonly Code[]
  /** What of its code could not be read. */
  readonly problems: readonly NotChecked[]
  /** Where a member of it stands: `place('options', 'import_mode')`. */
  place(...path: (number | string)[]): Place
}

/** A tenant, to be read from a file, from a folder or by its Management API. */
export interface TenantSource {
  /** A deploy file has what will be published, placeholders and all; a live tenant what is. */
  readonly origin: 'file' | 'live'
  /**
   * What is in a section, and what of it could not be read; a folder is read again each time.
   * undefined: nobody knows, because of `because`. Empty: there is nothing.
   */
  entries(name: Section): Iterable<NotChecked | Resource> | undefined
  /** Why a section is not there: `the export has no rules`. */
  because(name: Section): string
  /** What could not be read, of no section in particular. */
  readonly problems: readonly NotChecked[]
}

/** Sections of which nothing is held: their resources are looked at one at a time. */
export type PassingSection = 'hooks' | 'organizations' | 'pages' | 'rules'

/** What checks have to know of other resources than the one they look at. */
export interface TenantView {
  readonly origin: TenantSource['origin']
  /** Of a section, what `readNeeded` holds: never all of many. undefined: nobody knows. */
  section(name: Exclude<Section, PassingSection>): readonly Resource[] | undefined
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
