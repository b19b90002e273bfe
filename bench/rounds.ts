import { median, quartiles } from './statistics.ts'

/** What is measured: one Action, or the Actions of a flow. */
export interface Target {
  readonly name: string
  /** Paths of CommonJS files, in flow order. */
  readonly files: readonly string[]
}

/** Of each round, how many times what the first target took another one took. */
export interface Ratio {
  /** The median of the rounds. */
  readonly value: number
  readonly quartiles: readonly [low: number, high: number]
}

/**
 * Measures every target once a round, in turn: what else this machine does then falls on all of them.
 * Each round begins with another target, so that none always runs after the same one.
 *
 * @returns Values by the target's name, in the order of the rounds.
 */
export async function measureInTurn(
  targets: readonly Target[],
  rounds: number,
  measure: (target: Target) => Promise<number>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const measured = new Map<string, number[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const first = round % targets.length
    for (const target of [...targets.slice(first), ...targets.slice(0, first)]) {
      measured.get(target.name)?.push(await measure(target))
    }
  }
  return measured
}

/** Compares round by round: only what was measured side by side is comparable. */
export function ratio(values: readonly number[], base: readonly number[]): Ratio {
  const ratios = values.map((value, round) => value / (base[round] ?? Number.NaN))
  return { value: median(ratios), quartiles: quartiles(ratios) }
}
