import type { HistoryDay } from './days.ts'
import { foldedTable } from './markup.ts'
import { grouped, longDate } from './numbers.ts'
import { plot, round, yOf } from './plot.ts'
import type { ProjectedDay } from './projection.ts'
import type { StatusReport } from './report.ts'

/** Days to come that are drawn: as many as have been, within these. */
const fewestAhead = 28
const mostAhead = 120

/** What was left, day by day, and what will be. */
export function burnDown({ history, projection }: StatusReport): string {
  const wanted = Math.min(Math.max(history.length, fewestAhead), mostAhead)
  const ahead = projection?.days.slice(0, wanted) ?? []
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined) return ''
  const before = first.remaining + first.migrated
  const most = Math.max(before, ...history.map(({ remaining }) => remaining))
  const width = Math.max(history.length - 1 + ahead.length, 1)
  const end = ahead.at(-1)
  const chart = plot({
    id: 'burn-down',
    title: 'Users who are left to migrate, by day',
    description: described(first, last, before, end),
    most,
    width,
    shapes: bandOf(last, ahead, history.length - 1, most) + lineOf(history, most),
    ...(end !== undefined && { today: (history.length - 1) / width }),
    from: longDate(first.date),
    to: end === undefined ? 'today' : longDate(end.date),
  })
  return `<figure>${chart}<figcaption>${legend(end !== undefined)}</figcaption>
${foldedTable({ caption: 'Users left, by day', columns: ['Day', 'Left'], rows: history.map((day) => [longDate(day.date), grouped(day.remaining)]).toReversed() })}
${ahead.length === 0 ? '' : foldedTable(projectedTable(ahead))}</figure>`
}

function described(
  first: HistoryDay,
  last: HistoryDay,
  before: number,
  end: ProjectedDay | undefined,
): string {
  const past = `A line from ${grouped(before)} users on ${longDate(first.date)} to ${grouped(last.remaining)} today.`
  if (end === undefined) return past
  return `${past} Projected on ${longDate(end.date)}: ${grouped(end.middle)}, in 8 runs of 10 between ${grouped(end.low)} and ${grouped(end.high)}.`
}

function lineOf(history: readonly HistoryDay[], most: number): string {
  const points = history.map(({ remaining }, day) => `${day} ${yOf(remaining, most)}`)
  // One day alone is a line of no length: it is drawn as a short one.
  if (points.length === 1) points.push(`0.02 ${yOf(history[0]?.remaining ?? 0, most)}`)
  return `<path class="line" vector-effect="non-scaling-stroke" d="M${points.join('L')}"/>`
}

function bandOf(
  today: HistoryDay,
  ahead: readonly ProjectedDay[],
  start: number,
  most: number,
): string {
  if (ahead.length === 0) return ''
  const from = `${start} ${yOf(today.remaining, most)}`
  const points = (value: (day: ProjectedDay) => number) =>
    ahead.map((day, index) => `${round(start + index + 1)} ${yOf(value(day), most)}`)
  const high = points((day) => day.high)
  const low = points((day) => day.low).toReversed()
  const middle = points((day) => day.middle)
  return `<path class="band" d="M${[from, ...high, ...low].join('L')}Z"/>
<path class="ahead" vector-effect="non-scaling-stroke" d="M${[from, ...middle].join('L')}"/>
`
}

function projectedTable(ahead: readonly ProjectedDay[]) {
  return {
    caption: 'Users left, projected',
    columns: ['Day', 'Low', 'Middle', 'High'],
    rows: ahead.map((day) => [
      longDate(day.date),
      grouped(day.low),
      grouped(day.middle),
      grouped(day.high),
    ]),
  }
}

function legend(projected: boolean): string {
  const key = (name: string, shape: string) =>
    `<span class="key"><svg width="24" height="10" aria-hidden="true">${shape}</svg>${name}</span>`
  const past = key('left', '<line class="line" x1="0" x2="24" y1="5" y2="5"/>')
  if (!projected) return past
  const ahead = key('projected', '<line class="ahead" x1="0" x2="24" y1="5" y2="5"/>')
  return `${past}${ahead}${key('8 runs of 10', '<rect class="band" width="24" height="10"/>')}`
}
