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

/** One kind of finding, and how it is found in the settings of a tenant. */
export interface Check {
  readonly kind: FindingKind
  /** Without one of them there is no saying: the check is not made. */
  readonly reads: readonly Section[]
  find(view: TenantView, settings: CheckSettings): Iterable<Seen | Unseen>
}

/** For checks that look at one resource at a time. */
export function each(
  section: Section,
  find: (resource: Resource, settings: CheckSettings) => Iterable<Seen | Unseen>,
): Pick<Check, 'find' | 'reads'> {
  return {
    reads: [section],
    *find(view, settings) {
      for (const resource of view.section(section) ?? []) yield* find(resource, settings)
    },
  }
}
