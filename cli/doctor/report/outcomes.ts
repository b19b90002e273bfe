import type { Finding, NotChecked, Severity } from '../finding.ts'

/** All that a run of the doctor has to say. */
export interface Diagnosis {
  /** `2026-11-21`. */
  readonly today: string
  /** What was read: `tenant.yaml`, `example.eu.auth0.com`, `src`. */
  readonly read: readonly string[]
  /** Worst first; then by id, then by place. */
  readonly findings: readonly Judged[]
  readonly notChecked: readonly NotChecked[]
  /** What was found, or not checked, in more places than are held. */
  readonly surplus: readonly Surplus[]
  readonly failOn: Severity | 'never'
}

/** How many more there are than are told one by one. */
export interface Surplus {
  /** Of the finding, or of what was not checked. */
  readonly id: string
  readonly severity: Severity | 'not-checked'
  readonly count: number
}

/** A finding, and how bad it is today. */
export interface Judged {
  readonly finding: Finding
  readonly severity: Severity
}
