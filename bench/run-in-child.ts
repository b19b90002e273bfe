import { fileURLToPath } from 'node:url'
import { runInChild } from './child-process.ts'
import type { Target } from './rounds.ts'
import type { RunReport } from './run-actions.ts'

const program = fileURLToPath(new URL('./run-actions.ts', import.meta.url))

/** Runs the Actions of a target in a fresh process. */
export async function runActions(
  measure: 'count' | 'time' | 'garbage',
  { files }: Target,
  nodeOptions: readonly string[] = [],
): Promise<RunReport> {
  return (await runInChild([...nodeOptions, program, measure, ...files])) as RunReport
}
