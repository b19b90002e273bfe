/** Lines around a change that are shown with it. */
const context = 2
/** Edits after which it is no diff any more, but another text. */
const mostEdits = 400

type Edit = readonly [kind: ' ' | '+' | '-', line: string]

/**
 * The difference of two texts, line by line, as `diff -u` shows it, less the file names.
 *
 * @returns `''` for none; null when there is so much of it that nobody would read it.
 */
export function lineDiff(before: string, after: string): string | null {
  if (before === after) return ''
  const edits = editsOf(before.split('\n'), after.split('\n'))
  return edits === null ? null : hunksOf(edits).join('\n')
}

/** Myers' greedy algorithm: the shortest way from one list to the other. */
function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] | null {
  const furthest = new Map([[1, 0]])
  const trace: ReadonlyMap<number, number>[] = []
  for (let edits = 0; edits <= mostEdits; edits += 1) {
    trace.push(new Map(furthest))
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const [, from] = comingFrom(furthest, diagonal, edits)
      let x = from
      while (
        x < before.length &&
        x - diagonal < after.length &&
        before[x] === after[x - diagonal]
      ) {
        x += 1
      }
      furthest.set(diagonal, x)
      if (x >= before.length && x - diagonal >= after.length) return backtrack(trace, before, after)
    }
  }
  return null
}

/** Down from the diagonal above, or right from the one below: whichever is further. */
function comingFrom(
  furthest: ReadonlyMap<number, number>,
  diagonal: number,
  edits: number,
): readonly [previous: number, x: number] {
  const above = furthest.get(diagonal + 1) ?? -1
  const below = furthest.get(diagonal - 1) ?? -1
  const isDown = diagonal === -edits || (diagonal !== edits && below < above)
  return isDown ? [diagonal + 1, above] : [diagonal - 1, below + 1]
}

function backtrack(
  trace: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): readonly Edit[] {
  const edits: Edit[] = []
  let [x, y] = [before.length, after.length]
  for (const [step, furthest] of [...trace.entries()].reverse()) {
    const [previous, from] = step === 0 ? [0, 0] : comingFrom(furthest, x - y, step)
    for (; x > from && y > from - (x - y); x -= 1, y -= 1) edits.push([' ', before[x - 1] ?? ''])
    if (step === 0) break
    if (previous > x - y) {
      y -= 1
      edits.push(['+', after[y] ?? ''])
    } else {
      x -= 1
      edits.push(['-', before[x] ?? ''])
    }
  }
  return edits.reverse()
}

function hunksOf(edits: readonly Edit[]): readonly string[] {
  const near = edits.map((_, index) =>
    edits.slice(Math.max(index - context, 0), index + context + 1).some(([kind]) => kind !== ' '),
  )
  let line = 1
  const lines: string[] = []
  for (const [index, [kind, text]] of edits.entries()) {
    if (near[index] && !near[index - 1]) lines.push(`@@ line ${line} @@`)
    if (near[index]) lines.push(`${kind}${text}`)
    if (kind !== '+') line += 1
  }
  return lines
}
