import { escaped, table } from './markup.ts'
import { grouped } from './numbers.ts'
import { type Cause, causesOf, type StatusReport } from './report.ts'

/** Pixels of a row: its name above its bar. */
const rowHeight = 44
const barHeight = 12

/** Users whose migration is not whole, by cause: bars, and a table that says what each means. */
export function causeChart(report: StatusReport): string {
  const causes = causesOf(report)
  const most = Math.max(...causes.map(({ users }) => users ?? 0), 1)
  const text = causes.map(({ name, users }) => `${name}: ${numberOf(users)}`).join(', ')
  const rows = causes.map((cause, place) => rowOf(cause, place * rowHeight, most)).join('\n')
  const data = {
    caption: 'Users whose migration is not whole',
    columns: ['Cause', 'Users', 'What it means'],
    rows: causes.map(({ name, users, advice }) => [name, numberOf(users), advice]),
  }
  return `<figure><svg class="plot" role="img" aria-labelledby="cause-title cause-text" width="100%" height="${causes.length * rowHeight}">
<title id="cause-title">Users whose migration is not whole, by cause</title>
<desc id="cause-text">${escaped(text)}.</desc>
${rows}
</svg></figure>
<div class="scroll" role="region" tabindex="0" aria-label="What each cause means">${table(data)}</div>`
}

function rowOf({ name, users }: Cause, y: number, most: number): string {
  const width = users === null ? 0 : Math.round((users / most) * 1000) / 10
  return `<text class="tick" x="0" y="${y + 14}">${escaped(name)}</text>
<text class="number" x="100%" y="${y + 14}" text-anchor="end">${numberOf(users)}</text>
<rect class="track" x="0" y="${y + 20}" width="100%" height="${barHeight}"/>
<rect class="cause" x="0" y="${y + 20}" width="${width}%" height="${barHeight}"/>`
}

function numberOf(users: number | null): string {
  return users === null ? 'not known' : grouped(users)
}
