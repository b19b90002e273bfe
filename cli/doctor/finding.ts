import type { Step } from '../progress.ts'

/**
 * How bad. `error`: somebody may get in who should not, somebody may be locked out, data may be lost, or
 * a date has passed. `warning`: it will, or may. `note`: worth knowing.
 */
export type Severity = 'error' | 'note' | 'warning'

/** Whatever may be found: a row of docs/doctor.md. The same for every finding of its id. */
export interface FindingKind {
  /** Stable, kebab-case: people suppress and search by it. A platform migration's is its name. */
  readonly id: string
  readonly severity: Severity
  /** What it is, of no place in particular: a noun phrase, without a full stop. */
  readonly title: string
  /** Why it matters, in a sentence or two. */
  readonly why: string
  /** What to do about it, in a sentence or two. */
  readonly remedy: string
  readonly link: string
  /** `2026-08-04`: the day from which it is so: of a migration, the start of its grace period. */
  readonly since?: string
  /** `2027-03-04`: the day on which it stops working. */
  readonly until?: string
}

/** A file, a resource of a tenant, or a resource as a file of an export has it. */
export interface Place {
  /** With `/`, relative to the folder that was named, or as it was named. */
  readonly file?: string
  /** Counted from 1; only with a file. */
  readonly line?: number
  /** Counted from 1, in UTF-16 units; only with a line. */
  readonly column?: number
  /** `action guard-legacy`, `connection legacy-users`, `tenant`: the type in the singular, then the name. */
  readonly resource?: string
}

export interface Finding {
  readonly type: 'finding'
  readonly kind: FindingKind
  /** What was found in this place: a sentence. Never a secret, an e-mail address or a profile. */
  readonly what: string
  readonly where: Place
  /** Where this one is better or worse than its kind. */
  readonly severity?: Severity
}

/** What nobody looked at is no pass: it is told in every output. */
export interface NotChecked {
  readonly type: 'not-checked'
  /** Which check, or which kinds of findings: `parse`, `rules`, the id of a finding. Stable. */
  readonly id: string
  /** What goes after "not checked, because": `it does not parse`. */
  readonly because: string
  readonly where: Place
}

export type Outcome = Finding | NotChecked

/** How far a scan of many is. */
export interface ScanProgress {
  readonly type: 'progress'
  readonly step: Step
}
