/**
 * Chooses `size` of a stream at random, each of it as likely as any other, with no more than those in
 * memory (Vitter's algorithm L: it draws numbers for those that it takes, not for those it passes by).
 *
 * @param random From 0 to 1, 1 not among them.
 */
export async function sample<Item>(
  items: AsyncIterable<Item>,
  size: number,
  random: () => number,
): Promise<readonly Item[]> {
  const chosen: Item[] = []
  const drawn = () => 1 - random() // From 0 to 1, 0 not among them: its logarithm is wanted.
  let weight = drawn() ** (1 / size)
  let passBy = 0
  for await (const item of items) {
    if (chosen.length < size) {
      chosen.push(item)
      if (chosen.length === size) passBy = skip(drawn(), weight)
    } else if (passBy > 0) {
      passBy -= 1
    } else {
      chosen[Math.floor(random() * size)] = item
      weight *= drawn() ** (1 / size)
      passBy = skip(drawn(), weight)
    }
  }
  return chosen
}

function skip(drawn: number, weight: number): number {
  return Math.floor(Math.log(drawn) / Math.log1p(-weight))
}
