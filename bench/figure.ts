/** One promise about speed, measured; or, without a reach, what explains one. */
export interface Figure {
  /** Stable, for machines. */
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Quartiles of the rounds; none where every round gives the same. */
  readonly quartiles?: readonly [low: number, high: number]
  /** The most that `value` may be. */
  readonly reach?: number
  /** The reach that comes next. Missing it is told and does no harm. */
  readonly aim?: number
}

export function holds({ value, reach }: Figure): boolean {
  return reach === undefined || value <= reach
}
