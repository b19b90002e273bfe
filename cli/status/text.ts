import type { HistoryDay } from './days.ts'
import { compact, grouped, longDate, percentage } from './numbers.ts'
import { fewestDays, type Milestone, type Projection } from './projection.ts'
import { causesOf, type StatusReport } from './report.ts'
import type { LogFindings, TroubleType } from './tenant-logs.ts'
import type { Verification } from './verify.ts'

const barWidth = 40
const sparkDays = 28
const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** What a terminal shows: at most 100 characters a line. */
export function toText(report: StatusReport): string {
  const { counts, connection, at, phase, history } = report
  const { total, migrated, remaining } = counts
  const where = phase === null ? '' : `, phase ${phase.phase} since ${longDate(phase.since)}`
  return [
    `${connection} at ${at.slice(0, 16).replace('T', ' ')} UTC${where}`,
    '',
    `${barOf(migrated, total)} ${percentage(migrated, total)}`,
    '',
    ...tableOf([
      ['users', grouped(total), ''],
      ['migrated', grouped(migrated), ''],
      ['remaining', grouped(remaining), ''],
      ['a day', rateOf(report.usualRate), `${sparkline(history)} of ${spanOf(history)}`],
    ]),
    '',
    'Not whole',
    ...tableOf(
      causesOf(report).map(({ name, users, advice }) => [
        name,
        users === null ? '?' : grouped(users),
        users === 0 ? '' : advice,
      ]),
    ),
    ...(report.logs === null ? ['  The tenant was not asked.'] : logLines(report.logs)),
    '',
    ...projectionLines(report.projection, remaining),
    ...(report.verification === null ? [] : ['', ...verificationLines(report.verification)]),
  ].join('\n')
}

function barOf(part: number, whole: number): string {
  const full = whole === 0 ? 0 : Math.floor((part / whole) * barWidth)
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`
}

/** A name, a number to the right, and what there is to say. */
function tableOf(rows: readonly (readonly [string, string, string])[]): readonly string[] {
  const names = Math.max(...rows.map(([name]) => name.length))
  const numbers = Math.max(...rows.map(([, number]) => number.length))
  return rows.map(([name, number, note]) =>
    `  ${name.padEnd(names)}  ${number.padStart(numbers)}  ${note}`.trimEnd(),
  )
}

function sparkline(history: readonly HistoryDay[]): string {
  const last = history.slice(-sparkDays).map(({ migrated }) => migrated)
  const most = Math.max(...last, 1)
  return last.map((number) => levels[Math.ceil((number / most) * (levels.length - 1))]).join('')
}

function spanOf(history: readonly HistoryDay[]): string {
  const days = Math.min(history.length, sparkDays)
  return days === 1 ? 'today' : `the last ${days} days`
}

function rateOf(rate: number | null): string {
  return rate === null ? '?' : compact(rate)
}

const troubleNames: Readonly<Record<TroubleType, string>> = {
  f: 'failed logins (f)',
  w: 'warnings (w)',
  wum: 'oversized profiles (wum)',
  actions_execution_failed: 'Actions that failed',
  api_limit: 'requests over the rate limit',
}

/** `failed logins (f): 3, …`; null where there are none. */
export function troublesIn({ troubles }: LogFindings): string | null {
  const there = Object.entries(troubles).filter(([, number]) => number > 0)
  if (there.length === 0) return null
  return there
    .map(([type, number]) => `${troubleNames[type as TroubleType]}: ${grouped(number)}`)
    .join(', ')
}

function logLines(logs: LogFindings): readonly string[] {
  const troubles = troublesIn(logs)
  return [
    `  Conflicts are of the ${grouped(logs.logins)} users who logged in last.`,
    ...(troubles === null || logs.since === null
      ? []
      : [`  In the tenant's logs since ${longDate(logs.since)}, ${troubles}.`]),
  ]
}

function projectionLines(projection: Projection | null, remaining: number): readonly string[] {
  if (remaining === 0) return ['Nobody is left.']
  if (projection === null) {
    return [`No projection: it takes ${fewestDays} whole days since the first user migrated.`]
  }
  const rows = projection.milestones.map((milestone): readonly [string, string, string] => [
    `${Math.round(milestone.share * 100)} %`,
    dateOr(milestone.middle),
    // Even the soonest of them is not within a year: that is said once.
    milestone.low === null ? '' : `between ${dateOr(milestone.low)} and ${dateOr(milestone.high)}`,
  ])
  const title = `Migrated by, if it goes on as in the last ${projection.basis} days (8 runs of 10 in between)`
  return rows.length === 0 ? ['More than 99 % have migrated.'] : [title, ...tableOf(rows)]
}

/** A day, or that it is not within a year. */
export function dateOr(date: Milestone['middle']): string {
  return date === null ? 'over a year' : longDate(date)
}

function verificationLines(verification: Verification): readonly string[] {
  const { agree, missing, unstamped, disagree, conflict } = verification
  const wrong: readonly (readonly [string, readonly string[]])[] = [
    ['missing', missing],
    ['unstamped', unstamped],
    ['disagree', disagree],
    ['conflict', conflict],
  ]
  const rows = wrong
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => `  ${name}: ${ids.join(', ')}`)
  const looked = agree + wrong.reduce((sum, [, ids]) => sum + ids.length, 0)
  return [`Verified: ${grouped(agree)} of ${grouped(looked)} agree.`, ...rows]
}
