import type { BundleCopies } from './bundles.ts'
import type { Figure } from './figure.ts'

/** What a measurement gets. */
export interface Bench {
  readonly copies: BundleCopies
  /** In which everything takes its turn. */
  readonly rounds: number
  /** Of the faults. */
  readonly seed: number
  /** True: a look at whether everything works, with too few logins to mean much. */
  readonly quick: boolean
  /** Tells whoever waits how far it is. */
  readonly progress: (text: string) => void
}

/** Figures that are measured together. */
export interface Section {
  /** As `--only` takes it. */
  readonly name: string
  readonly title: string
  /** What a reader has to know about the figures. */
  readonly note: string
  /** True: only where `--only` names it, since it needs more than this machine. */
  readonly byNameOnly?: boolean
  readonly measure: (bench: Bench) => Promise<readonly Figure[]>
}

/** A section that was measured. */
export interface Measured extends Pick<Section, 'name' | 'title' | 'note'> {
  readonly figures: readonly Figure[]
}
