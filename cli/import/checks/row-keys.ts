/** What two users may not share. The order is that in which a row that shares several is told. */
export const keyKinds = ['user_id', 'email', 'username'] as const

/** Words of 32 bits that a key takes. */
export const keyWords = 3

/** Three words, drawn anew for each run: nobody can choose an address that looks like another's. */
export type Seed = readonly [number, number, number]

/**
 * 96 bits of a text, 94 of them its hash and 2 its kind. Among three hundred million keys, two that
 * differ share a hash with a probability under one in 10^11.
 */
export function writeKey(
  into: Uint32Array,
  at: number,
  text: string,
  kind: number,
  [seedA, seedB, seedC]: Seed,
): void {
  let [a, b, c] = [seedA ^ text.length, seedB ^ kind, seedC]
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 0x85eb_ca6b)
    a = (a << 13) | (a >>> 19)
    b = Math.imul(b ^ unit, 0xc2b2_ae35)
    b = (b << 15) | (b >>> 17)
    c = Math.imul(c ^ unit, 0x27d4_eb2f)
    c = (c << 17) | (c >>> 15)
  }
  into[at] = mixed(a ^ Math.imul(c, 0x9e37_79b1))
  into[at + 1] = mixed(b ^ Math.imul(a, 0x85eb_ca77))
  into[at + 2] = (mixed(c ^ Math.imul(b, 0xc2b2_ae3d)) & ~3) | kind
}

function mixed(word: number): number {
  let mix = word
  mix = Math.imul(mix ^ (mix >>> 16), 0x7feb_352d)
  mix = Math.imul(mix ^ (mix >>> 15), 0x846c_a68b)
  return mix ^ (mix >>> 16)
}
