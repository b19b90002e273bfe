import { type Figure, holds } from './figure.ts'
import type { Measured } from './section.ts'

const headings = ['', 'measured', 'half of the rounds', 'reach', 'aim'] as const

/** A section as people read it on a terminal. */
export function sectionText({ title, note, figures }: Measured): string {
  const rows = [headings, ...figures.map(row)]
  const widths = headings.map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [`${title}. ${note}`, ...lines, ''].join('\n')
}

/** The same in Markdown. */
export function sectionMarkdown({ title, note, figures }: Measured): string {
  const used = headings.filter((_, column) => figures.some((figure) => row(figure)[column] !== ''))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = figures.map((figure) => {
    const cells = row(figure)
    return line(used.map((heading) => cells[headings.indexOf(heading)] ?? ''))
  })
  const rule = line(used.map((_, column) => (column === 0 ? '---' : '--:')))
  return [`## ${title}`, '', note, '', line(used), rule, ...rows, ''].join('\n')
}

function row(figure: Figure): readonly string[] {
  const { name, value, unit, quartiles, reach, aim } = figure
  return [
    name,
    `${numberText(value)} ${unit}`,
    quartiles === undefined ? '' : quartiles.map(numberText).join(' to '),
    reach === undefined ? '' : `${numberText(reach)} ${holds(figure) ? 'holds' : 'MISSED'}`,
    aim === undefined ? '' : `${numberText(aim)} ${value <= aim ? 'holds' : 'not yet'}`,
  ]
}

/** As many digits as mean something: three, or the whole number. */
function numberText(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 100 ? 3 : 21
  return value.toLocaleString('en', {
    maximumFractionDigits: digits === 21 ? 0 : 4,
    maximumSignificantDigits: digits,
    roundingPriority: 'lessPrecision',
  })
}
