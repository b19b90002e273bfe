import type { Finding, Severity } from './finding.ts'

/** Worst first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note']

/**
 * How bad a finding is on a day: what ends on a later one is no error yet.
 *
 * @param today `2026-11-21`.
 */
export function severityOn(today: string, { kind, severity = kind.severity }: Finding): Severity {
  const ahead = kind.until !== undefined && kind.until > today
  return ahead && severity === 'error' ? 'warning' : severity
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least)
}

/** Whole days from one day to another; less than 0 when it is past. */
export function daysUntil(today: string, day: string): number {
  return Math.round((Date.parse(day) - Date.parse(today)) / 86_400_000)
}

/** `102 days left`, `ends today`, `3 days ago`. */
export function daysLeft(today: string, day: string): string {
  const days = daysUntil(today, day)
  if (days === 0) return 'today'
  return days > 0 ? `${counted(days)} left` : `${counted(-days)} ago`
}

function counted(days: number): string {
  return days === 1 ? '1 day' : `${new Intl.NumberFormat('en').format(days)} days`
}
