import type { NotChecked } from './finding.ts'
import { migrations } from './migrations/find-migration.ts'
import type { Detection } from './migrations/migration.ts'

/** What the doctor was given to read. */
export interface Inputs {
  readonly settings: boolean
  readonly code: boolean
  readonly log: boolean
  readonly users: boolean
}

/** How the reason begins where nothing at all would show it. */
export const undetected = 'it is not detected: '

const wanted: Readonly<Record<Detection, string>> = {
  code: 'no source of applications was named: give --source',
  log: 'no tenant was asked for its logs: give --live',
  settings: 'no tenant was named: give a deploy file, an export or --live',
  users: 'no export of users was named: give --users',
}

/** Each migration that something would show which nobody gave, or which nothing shows. */
export function unreadMigrations(inputs: Inputs): readonly NotChecked[] {
  return migrations.flatMap(({ id, detection, undetected: why }) => {
    const reasons = detection.filter((one) => !inputs[one]).map((one) => wanted[one])
    if (why !== undefined) reasons.push(undetected + why)
    return reasons.map((because) => ({ type: 'not-checked' as const, id, because, where: {} }))
  })
}
