import type { Phase } from '../../core/phase.ts'
import { isObject } from '../auth0-tenant.ts'
import type { Actual } from './actual.ts'
import type { Desired, DesiredDatabase } from './desired.ts'
import type { Project } from './project.ts'

/** As the build notes it at the head of such a bundle. */
const noOpHead = /^\/\/ Sources: databases\/[^/]+\/no-op\//m

/**
 * After `npx migration complete` the scripts are no-op forms: publishing leaves them that, and does
 * not put the scripts that ask the legacy API back in their place.
 */
export function withNoOps(
  desired: Desired,
  actual: Actual,
  project: Project,
  phase: Phase,
): Desired {
  if (phase !== 'complete') return desired
  const databases = desired.databases.map((database) => {
    const there = actual.databases.get(database.name)?.options.customScripts
    return { ...database, scripts: noOpsOf(database, isObject(there) ? there : {}, project) }
  })
  return { ...desired, databases }
}

function noOpsOf(
  { name, scripts }: DesiredDatabase,
  there: Readonly<Record<string, unknown>>,
  { bundles }: Project,
): Readonly<Record<string, string>> {
  const entries = Object.entries(scripts).map(([slot, code]) => {
    const noOp = bundles.get(`dist/databases/${name}/no-op/${slot}.js`)
    const isNoOp = noOpHead.test(String(there[slot] ?? ''))
    return [slot, isNoOp && noOp !== undefined ? noOp : code]
  })
  return Object.fromEntries(entries)
}
