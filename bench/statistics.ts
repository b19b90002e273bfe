/** @throws {RangeError} without a value: a median of nothing is a measurement that did not happen. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quartiles(values: readonly number[]): readonly [low: number, high: number] {
  return [quantile(values, 0.25), quantile(values, 0.75)]
}

/** The value that 99 of 100 do not exceed. */
export function percentile99(values: readonly number[]): number {
  return quantile(values, 0.99)
}

/** Between two values it is their weighted mean. */
function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const position = (sorted.length - 1) * fraction
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new RangeError('no value was measured')
  return below + (above - below) * (position - Math.floor(position))
}
