import type { HistoryDay } from './days.ts'
import { escaped, foldedTable } from './markup.ts'
import { grouped, longDate } from './numbers.ts'
import { plot, yOf } from './plot.ts'
import type { StatusReport } from './report.ts'

/** Bars that can still be told apart on a small screen: more days are drawn by weeks. */
const mostBars = 92

interface Bar {
  /** The last day of it. */
  readonly date: string
  readonly migrated: number
  readonly days: number
}

/** How many have migrated, by day or by week. */
export function rateChart({ history }: StatusReport): string {
  const weekly = history.length > mostBars
  const bars = weekly ? byWeek(history) : history.map((day) => ({ ...day, days: 1 }))
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined) return ''
  const most = Math.max(...bars.map(({ migrated }) => migrated))
  const unit = weekly ? 'week' : 'day'
  const best = bars.find(({ migrated }) => migrated === most)
  const chart = plot({
    id: 'rate',
    title: `Users who migrated, by ${unit}`,
    description: `Bars by ${unit}, from ${longDate(first.date)} to today. The most were ${grouped(most)}, in the ${unit} to ${longDate(best?.date ?? last.date)}. Today so far: ${grouped(last.migrated)}.`,
    most,
    width: bars.length,
    shapes: bars.map((bar, place) => shapeOf(bar, place, most, place === bars.length - 1)).join(''),
    from: longDate(first.date),
    to: 'today',
  })
  const rows = history.map((day) => [longDate(day.date), grouped(day.migrated)]).toReversed()
  return `<figure>${chart}<figcaption>By ${unit}; the last is not over.</figcaption>
${foldedTable({ caption: 'Users migrated, by day', columns: ['Day', 'Migrated'], rows })}</figure>`
}

function shapeOf(bar: Bar, place: number, most: number, isLast: boolean): string {
  const y = yOf(bar.migrated, most)
  const span = bar.days === 1 ? longDate(bar.date) : `${bar.days} days to ${longDate(bar.date)}`
  const title = `<title>${escaped(`${span}: ${grouped(bar.migrated)}`)}</title>`
  const shape = `x="${place + 0.1}" width="0.8" y="${y}" height="${100 - y}"`
  return `<rect class="bar${isLast ? ' partial' : ''}" ${shape}>${title}</rect>\n`
}

/** Weeks that end today, a week ago, …; the first may be short. */
function byWeek(history: readonly HistoryDay[]): readonly Bar[] {
  const bars: Bar[] = []
  for (let end = history.length; end > 0; end -= 7) {
    const days = history.slice(Math.max(end - 7, 0), end)
    const migrated = days.reduce((sum, day) => sum + day.migrated, 0)
    bars.push({ date: days.at(-1)?.date ?? '', migrated, days: days.length })
  }
  return bars.reverse()
}
