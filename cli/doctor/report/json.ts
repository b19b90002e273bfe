import { activeMigrations } from '../migrations/active.ts'
import { daysUntil } from '../severity.ts'
import type { Diagnosis, Judged, Surplus } from './outcomes.ts'

/** What `--json` prints. */
export function jsonReport(diagnosis: Diagnosis) {
  const { today, read, findings, notChecked, surplus, failOn } = diagnosis
  return {
    today,
    read,
    failOn,
    counts: countsOf(diagnosis),
    findings: findings.map((one) => findingOf(one, today)),
    notChecked: notChecked.map(({ id, because, where }) => ({ id, because, where })),
    surplus,
    ahead: ahead(today).map(({ id, title, since, until = '', toggle }) => ({
      id,
      title,
      since,
      until,
      daysLeft: daysUntil(today, until),
      ...(toggle !== undefined && { toggle }),
    })),
  }
}

/** Of each severity, and of what was not checked: whether it is told one by one or not. */
export function countsOf({ findings, notChecked, surplus }: Diagnosis) {
  const severityOf = [
    ...findings.map(({ severity }) => ({ severity, count: 1 })),
    ...notChecked.map(() => ({ severity: 'not-checked' as const, count: 1 })),
    ...surplus,
  ]
  const counted = (wanted: Surplus['severity']) =>
    severityOf.reduce((sum, { severity, count }) => (severity === wanted ? sum + count : sum), 0)
  return {
    error: counted('error'),
    warning: counted('warning'),
    note: counted('note'),
    'not-checked': counted('not-checked'),
  }
}

/** What ends on a later day, and may be opted into until then. */
export function ahead(today: string) {
  return activeMigrations.filter(({ until }) => until !== undefined && until > today)
}

function findingOf({ finding, severity }: Judged, today: string) {
  const { what, where, kind } = finding
  const { id, title, why, remedy, link, since, until } = kind
  return {
    id,
    severity,
    title,
    what,
    where,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until, daysLeft: daysUntil(today, until) }),
    why,
    remedy,
    link,
  }
}
