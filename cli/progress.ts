/** How far long work is. */
export interface Step {
  /** In words for the operator: `imported`. */
  readonly what: string
  readonly done: number
  /** Left out while nobody knows. */
  readonly total?: number
  /** Of what: `users`. */
  readonly unit?: string
  /** What else there is to say: `41 a second, of 111 the plan allows`. */
  readonly note?: string
}

export interface Progress {
  report(step: Step): void
  /** Shows the last step whole, and leaves the line. */
  end(): void
}

/** Milliseconds between two lines. */
const redrawTime = 100
const lineTime = 2_000
const barWidth = 24

/**
 * A bar that redraws itself on a terminal; elsewhere a line of JSON now and then, for whoever reads
 * along: `{ "progress": Step }`.
 *
 * @param now Milliseconds, of a clock that only goes forward.
 */
export function createProgress(
  stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown },
  now: () => number,
): Progress {
  const isTerminal = stream.isTTY === true
  const interval = isTerminal ? redrawTime : lineTime
  let last: Step | undefined
  let shown: Step | undefined
  let shownAt = Number.NEGATIVE_INFINITY

  function show(step: Step): void {
    // A terminal that nobody has told its width says 0.
    if (isTerminal) stream.write(`\r\u001b[K${lineOf(step).slice(0, (stream.columns || 80) - 1)}`)
    else stream.write(`${JSON.stringify({ progress: step })}\n`)
    shown = step
    shownAt = now()
  }

  return {
    report(step) {
      last = step
      if (step.what !== shown?.what || now() - shownAt >= interval) show(step)
    },
    end() {
      if (last === undefined) return
      if (last !== shown) show(last)
      if (isTerminal) stream.write('\n')
      last = undefined
      shown = undefined
    },
  }
}

function lineOf({ what, done, total, unit = '', note }: Step): string {
  const numbers = total === undefined ? grouped(done) : `${grouped(done)} of ${grouped(total)}`
  const bar = total === undefined ? '' : `${barOf(done, total)} `
  return [`${bar}${what} ${numbers}${unit === '' ? '' : ` ${unit}`}`, note]
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
}

function barOf(done: number, total: number): string {
  const share = total <= 0 ? 1 : Math.min(Math.max(done / total, 0), 1)
  const full = Math.floor(share * barWidth)
  return `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${Math.floor(share * 100)} %`
}

function grouped(number: number): string {
  return new Intl.NumberFormat('en').format(number)
}
