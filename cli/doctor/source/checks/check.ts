import type { FindingKind, Severity } from '../../finding.ts'
import type { Code } from '../code/code.ts'
import type { CodeKind } from '../code/roles.ts'

/** One thing that code may have wrong, and how it is seen. */
export interface Check {
  readonly kind: FindingKind
  /** What it is looked for in. */
  readonly in: readonly CodeKind[]
  find(code: Code): readonly Sighting[]
}

export interface Sighting {
  /** Where: only its offset counts. */
  readonly node: { readonly start: number }
  /** A sentence that quotes no value of the code: it may be a secret or somebody’s address. */
  readonly what: string
  readonly severity?: Severity
}

const scripts: readonly CodeKind[] = [
  'change_email',
  'change_password',
  'create',
  'delete',
  'get_user',
  'login',
  'verify',
]
/** The two that a lazy migration rests on. */
export const migrationScripts: readonly CodeKind[] = ['get_user', 'login']
export const withCallback: readonly CodeKind[] = [...scripts, 'hook', 'rule']
/** What Auth0 runs. */
export const extensibility: readonly CodeKind[] = [...withCallback, 'action']
export const everywhere: readonly CodeKind[] = [...extensibility, 'source']
