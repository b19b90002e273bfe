/**
 * FNV-1a, 32 bits, of the text's UTF-16 units. Spreads; hides nothing.
 *
 * @see https://datatracker.ietf.org/doc/draft-eastlake-fnv/
 */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}
