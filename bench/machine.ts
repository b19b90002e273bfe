import { availableParallelism, cpus } from 'node:os'

/** Where it was measured. Times mean little elsewhere; ratios should hold. */
export interface Machine {
  readonly node: string
  readonly cores: number
  readonly processor: string
  readonly platform: string
}

export function thisMachine(): Machine {
  return {
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    platform: `${process.platform}-${process.arch}`,
  }
}
