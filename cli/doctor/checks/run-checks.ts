import type { Finding, NotChecked, Outcome } from '../finding.ts'
import type { TenantView } from '../tenant/tenant-view.ts'
import type { Check, CheckSettings, Seen, Unseen } from './check.ts'
import { undecided } from './undecided.ts'

/** Everything that the checks find, and every check that could not be made. */
export function* runChecks(
  checks: readonly Check[],
  view: TenantView,
  settings: CheckSettings,
): Generator<Outcome> {
  yield* view.problems
  yield* undecided(view)
  for (const check of checks) {
    const missing = check.reads.find((section) => view.section(section) === undefined)
    if (missing !== undefined)
      yield notChecked(check, { because: view.because(missing), where: {} })
    else for (const seen of check.find(view, settings)) yield outcomeOf(check, seen)
  }
}

function outcomeOf(check: Check, seen: Seen | Unseen): Outcome {
  if ('because' in seen) return notChecked(check, seen)
  const finding: Finding = { type: 'finding', kind: check.kind, ...seen }
  return finding
}

function notChecked({ kind }: Check, { because, where }: Unseen): NotChecked {
  return { type: 'not-checked', id: kind.id, because, where }
}
