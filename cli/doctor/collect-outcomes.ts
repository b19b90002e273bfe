import type { NotChecked, Outcome, Severity } from './finding.ts'
import type { Diagnosis, Judged } from './report/outcomes.ts'
import { severities, severityOn } from './severity.ts'

/** Of one kind and severity, or not checked for one reason: more places than that nobody reads. */
const mostPlaces = 1_000
/** Of one check: a reason may name a file, and then there are as many as files. */
const mostReasons = 1_000

export interface Collection {
  add(outcome: Outcome): void
  /** Findings come worst first, then by id, then by place. */
  result(): Pick<Diagnosis, 'findings' | 'notChecked' | 'surplus'>
}

/**
 * Holds what a run has to say, up to so many places of each kind; of the rest it holds the number. What is
 * held does not grow with what is read.
 *
 * @param today `2026-11-21`.
 */
export function collectOutcomes(today: string): Collection {
  const findings: Judged[] = []
  const notChecked: NotChecked[] = []
  const counts = new Map<string, number>()
  const reasons = new Map<string, Set<string>>()
  const surplus = new Map<string, Diagnosis['surplus'][number]>()

  function isHeld(key: string): boolean {
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count <= mostPlaces
  }

  function isHeldReason({ id, because }: NotChecked): boolean {
    const known = reasons.get(id) ?? new Set()
    reasons.set(id, known)
    if (!known.has(because) && known.size >= mostReasons) return false
    known.add(because)
    return isHeld(`${id}\n${because}`)
  }

  function count(id: string, severity: Severity | 'not-checked'): void {
    const key = `${severity} ${id}`
    surplus.set(key, { id, severity, count: (surplus.get(key)?.count ?? 0) + 1 })
  }

  return {
    add(outcome) {
      if (outcome.type === 'not-checked') {
        if (isHeldReason(outcome)) notChecked.push(outcome)
        else count(outcome.id, 'not-checked')
        return
      }
      const severity = severityOn(today, outcome)
      if (isHeld(`${severity} ${outcome.kind.id}`)) findings.push({ finding: outcome, severity })
      else count(outcome.kind.id, severity)
    },
    result: () => ({
      findings: findings.toSorted(byPlace),
      notChecked,
      surplus: [...surplus.values()],
    }),
  }
}

function byPlace(one: Judged, other: Judged): number {
  return (
    severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
    compare(one.finding.kind.id, other.finding.kind.id) ||
    compare(one.finding.where.file ?? '', other.finding.where.file ?? '') ||
    (one.finding.where.line ?? 0) - (other.finding.where.line ?? 0)
  )
}

/** By code unit: the same order on every machine. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
