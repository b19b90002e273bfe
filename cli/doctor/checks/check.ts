import type { FindingKind, Place, Severity } from '../finding.ts'
import type { Resource, Section, TenantView } from '../tenant/tenant-view.ts'

export const passwordPolicies = ['none', 'low', 'fair', 'good', 'excellent'] as const

export type PasswordPolicy = (typeof passwordPolicies)[number]

/** What the doctor was told, besides the tenant. */
export interface CheckSettings {
  /** `2026-11-21`. */
  readonly today: string
  /** Identifier of the legacy API, where somebody said it. */
  readonly audience?: string
  /** What the legacy store demands of passwords, where somebody said it. */
  readonly legacyPasswordPolicy?: PasswordPolicy
  /** The connection of migration.config.ts; null where there is no such file. */
  readonly connection: string | null
  /** The code of a bundle as it was built: `actions/copy-metadata.js`; null where it was not. */
  readonly bundle: (path: string) => string | null
}

/** Something that a check saw, of its kind. */
export interface Seen {
  readonly what: string
  readonly where: Place
  readonly severity?: Severity
}

/** Something that a check would have looked at, and could not. */
export interface Unseen {
  readonly because: string
  readonly where: Place
}

interface Looked {
  /** Without one of them there is no saying: the check is not made. */
  readonly reads: readonly Section[]
}

/** Looks at the resources of a section, one at a time, however many there are. */
interface ResourceLook extends Looked {
  readonly of: Section
  /** @param view Of other resources, what is needed of them. */
  look(resource: Resource, settings: CheckSettings, view: TenantView): Iterable<Seen | Unseen>
}

/** Looks at what is needed of the tenant, at once. */
interface TenantLook extends Looked {
  find(view: TenantView, settings: CheckSettings): Iterable<Seen | Unseen>
}

/** One kind of finding, and how it is found in the settings of a tenant. */
export type Check = { readonly kind: FindingKind } & (ResourceLook | TenantLook)

export function each(
  section: Section,
  look: ResourceLook['look'],
  reads: readonly Section[] = [section],
): ResourceLook {
  return { of: section, reads, look }
}
