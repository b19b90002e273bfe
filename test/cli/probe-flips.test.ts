import { expect, test } from 'vitest'
import { probes } from '../../cli/probe/probes.ts'
import { testFlips } from './flip-tests.ts'
import { flips } from './flips.ts'

test('probe: every probe has what turns it', () => {
  expect(Object.keys(flips).sort()).toEqual(probes.map(({ id }) => id).sort())
})

testFlips(0)
