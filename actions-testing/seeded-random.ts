/** Numbers in [0, 1), the same for the same seed. Mulberry32: small, even, not for secrets. */
export type Random = () => number

export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function randomInteger(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1))
}

/** @param items At least one. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[randomInteger(random, 0, items.length - 1)] as Item
}

/** `length` characters of letters and digits, as in Auth0's ids. */
export function randomId(random: Random, length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length }, () => alphabet[randomInteger(random, 0, 61)]).join('')
}
