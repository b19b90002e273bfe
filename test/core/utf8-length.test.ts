import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Length } from '../../core/utf8-length.ts'

test('utf8Length: is what an encoder makes of any text, halves of surrogate pairs included', () => {
  const units = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd700, max: 0xe100 })),
  )
  fc.assert(
    fc.property(units, (codes) => {
      const text = String.fromCharCode(...codes)
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
    }),
  )
})
