import type { ProbeContext } from './context.ts'

/** One row of docs/assumptions.md, and how to find out whether it is so. */
export interface Probe {
  /** The row's id. */
  readonly id: string
  /** The row's words. */
  readonly assumption: string
  run(context: ProbeContext): Promise<Finding>
}

export interface Finding {
  readonly holds: boolean
  /** What was seen, in words for a person. */
  readonly evidence: string
}

/** A probe as it is reported. */
export type Verdict =
  | { readonly id: string; readonly verdict: 'does-not-hold' | 'holds'; readonly evidence: string }
  | { readonly id: string; readonly verdict: 'not-probed'; readonly because: string }

/** Holds when the tenant did what was assumed; else the evidence is what it did instead. */
export function expectThat(holds: boolean, evidence: string): Finding {
  return { holds, evidence }
}
