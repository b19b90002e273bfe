import { activeMigrations } from '../migrations/active.ts'
import { daysUntil, severities } from '../severity.ts'
import type { Diagnosis, Judged } from './outcomes.ts'

/** What `--json` prints. */
export function jsonReport({ today, read, findings, notChecked, failOn }: Diagnosis) {
  return {
    today,
    read,
    failOn,
    counts: Object.fromEntries([
      ...severities.map((severity) => [
        severity,
        findings.filter((one) => one.severity === severity).length,
      ]),
      ['not-checked', notChecked.length],
    ]),
    findings: findings.map((one) => findingOf(one, today)),
    notChecked: notChecked.map(({ id, because, where }) => ({ id, because, where })),
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
