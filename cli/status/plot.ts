import { escaped } from './markup.ts'
import { compact } from './numbers.ts'

/** Pixels. Text and lines keep their size whatever the width: only what is plotted is stretched. */
const top = 22
const height = 200

export interface Plot {
  readonly id: string
  readonly title: string
  /** All that there is to see, in words. */
  readonly description: string
  /** The greatest value that is drawn. */
  readonly most: number
  /** Width of the plot in its own units: days, bars. */
  readonly width: number
  /** Shapes, by `x` from 0 to `width` and `yOf`. */
  readonly shapes: string
  /** Where the present is, from 0 to 1. */
  readonly today?: number
  /** Below, to the left and to the right. */
  readonly from: string
  readonly to: string
}

/** Units from the bottom to the top of a plot. */
const tall = 100

/** Where a value stands: 0 is at the bottom. */
export function yOf(value: number, most: number): number {
  return round(tall - (value / roundedUp(most)) * tall)
}

export function round(number: number): number {
  return Math.round(number * 100) / 100
}

/** An SVG that fills the width there is, with its axes. */
export function plot(chart: Plot): string {
  const { id, title, description, width, shapes } = chart
  return `<svg class="plot" role="img" aria-labelledby="${id}-title ${id}-text" width="100%" height="${top + height + 1}">
<title id="${id}-title">${escaped(title)}</title>
<desc id="${id}-text">${escaped(description)}</desc>
${gridOf()}
<svg x="0" y="${top}" width="100%" height="${height}" viewBox="0 0 ${width} ${tall}" preserveAspectRatio="none">
${shapes}
</svg>
${ticksOf(chart.most)}
${presentAt(chart.today)}</svg>
<p class="axis" aria-hidden="true"><span>${escaped(chart.from)}</span><span>${escaped(chart.to)}</span></p>`
}

/** Of the height, where there is a line, and above all but the lowest a number. */
const linesAt = [0, 0.5, 1]

function gridOf(): string {
  return linesAt
    .map((share) => top + height * (1 - share))
    .map((y) => `<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/>`)
    .join('\n')
}

/** Over the shapes: a bar may stand where its number does. */
function ticksOf(most: number): string {
  return linesAt
    .filter((share) => share > 0)
    .map((share) => {
      const y = top + height * (1 - share) - 5
      return `<text class="tick" x="0" y="${y}">${compact(roundedUp(most) * share)}</text>`
    })
    .join('\n')
}

function presentAt(today: number | undefined): string {
  if (today === undefined) return ''
  const x = `${round(today * 100)}%`
  const [anchor, shift] = today > 0.5 ? ['end', -5] : ['start', 5]
  return `<line class="today" x1="${x}" x2="${x}" y1="0" y2="${top + height}"/>
<text class="tick" x="${x}" y="12" dx="${shift}" text-anchor="${anchor}">today</text>
`
}

/** The least of 1, 2, 4, 5, 10, 20 … that is not less: its half is a short number too. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  const factor = [1, 2, 4, 5, 10].find((one) => one * power >= value) ?? 10
  return Math.max(factor * power, 2)
}
