import { type Random, seededRandom } from '../../actions-testing/seeded-random.ts'
import { fnv1a } from '../../core/fnv1a.ts'

/** What befalls one attempt: answered as it should be, by 503, or far too late. */
export type Fate = 'served' | 'refused' | 'late'

/** How often which fault strikes. */
export interface FaultMix {
  readonly seed: number
  /** Share of the attempts that are answered by 503, from 0 to 1. */
  readonly refused: number
  /** Share of the attempts that are answered late, from 0 to 1. */
  readonly late: number
  /** Milliseconds by which. */
  readonly lateBy: number
  /** With which probability a further attempt meets the fate of the one before. */
  readonly correlation: number
}

/**
 * The fate of one attempt after another at the same thing. It follows from the seed and from what is
 * asked for, not from when: whoever asks in whatever order meets the same faults.
 *
 * @param thing What is asked for, by a name of its own: a repeated request has the same.
 */
export function fatesOf(mix: FaultMix, thing: string): () => Fate {
  const random = seededRandom(fnv1a(`${mix.seed} ${thing}`))
  let last: Fate | null = null
  return () => {
    if (last === null || random() >= mix.correlation) last = draw(random, mix)
    return last
  }
}

function draw(random: Random, { refused, late }: FaultMix): Fate {
  const drawn = random()
  if (drawn < refused) return 'refused'
  return drawn < refused + late ? 'late' : 'served'
}
