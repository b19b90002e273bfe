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
