import type { World } from './world.ts'

/** What was seen when a fact was put to the test. */
export interface Finding {
  readonly holds: boolean
  /** What was measured, in words for a person. Names nobody. */
  readonly evidence: string
}

/** One thing that the demo shows. Each takes its own users, so that any of them can be run alone. */
export interface Fact<Place = World> {
  readonly name: string
  show(world: Place): Promise<Finding>
}

/** A fact as `--json` prints it. */
export interface FactReport extends Finding {
  readonly name: string
}

/** Puts a fact to the test. One that breaks down does not hold. */
export async function report<Place>(fact: Fact<Place>, world: Place): Promise<FactReport> {
  try {
    return { name: fact.name, ...(await fact.show(world)) }
  } catch (error) {
    const evidence = error instanceof Error ? error.message : String(error)
    return { name: fact.name, holds: false, evidence }
  }
}

/** Joins what has to hold together: the first that does not is the evidence. */
export function allOf(findings: readonly (readonly [boolean, string])[]): Finding {
  const failed = findings.find(([holds]) => !holds)
  if (failed !== undefined) return { holds: false, evidence: `not so: ${failed[1]}` }
  return { holds: true, evidence: findings.map(([, what]) => what).join('; ') }
}
