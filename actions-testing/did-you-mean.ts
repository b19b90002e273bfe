/** The candidate nearest to `name`, or null when none is near enough to be what was meant. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  let nearest: string | null = null
  let least = Math.max(2, Math.floor(name.length / 2))
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < least || (distance === least && nearest === null)) {
      nearest = candidate
      least = distance
    }
  }
  return nearest
}

/** Levenshtein's: insertions, deletions and substitutions that turn `left` into `right`. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = left[row - 1] === right[column - 1] ? 0 : 1
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + substitution,
      )
    }
    previous = current
  }
  return previous[right.length] ?? 0
}

/**
 * The candidate that `name` is a slip of the pen for, where it may well be a name of its own: other case
 * or underscores, letters that changed places, or one letter of five or more. Null when it is none.
 */
export function slipOf(name: string, candidates: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '')
  const letters = (text: string) => [...plain(text)].sort().join('')
  const isSlip = (candidate: string) =>
    letters(candidate) === letters(name) ||
    // `emails` is in the profiles of some identity providers, beside `email`.
    (name.length > 4 && name !== `${candidate}s` && editDistance(plain(name), plain(candidate)) < 2)
  return candidates.find(isSlip) ?? null
}
