import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineDiff } from '../../../cli/publish/line-diff.ts'

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 25 })

/** What a diff says, put to work: the text before, made the text after. */
function patched(before: readonly string[], diff: string): readonly string[] {
  const rest = [...before]
  const made: string[] = []
  let at = 1
  for (const line of diff === '' ? [] : diff.split('\n')) {
    const hunk = /^@@ line (\d+) @@$/.exec(line)
    if (hunk !== null) {
      for (; at < Number(hunk[1]); at += 1) made.push(rest.shift() ?? 'missing')
      continue
    }
    if (line[0] !== '+') {
      expect(rest.shift()).toBe(line.slice(1))
      at += 1
    }
    if (line[0] !== '-') made.push(line.slice(1))
  }
  return [...made, ...rest]
}

test('lineDiff: is what makes the second text of the first', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = lineDiff(before.join('\n'), after.join('\n')) ?? 'null'
      expect(patched(before.join('\n').split('\n'), diff).join('\n')).toBe(after.join('\n'))
    }),
    { numRuns: 500 },
  )
})

test('lineDiff: shows two lines around a change, and where it is', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8'].join('\n')
  expect(lineDiff(before, before.replace('5', 'five'))).toBe(
    ['@@ line 3 @@', ' 3', ' 4', '-5', '+five', ' 6', ' 7'].join('\n'),
  )
  expect(lineDiff(before, before)).toBe('')
})

test('lineDiff: gives up on what is another text', () => {
  const lines = (word: string) => Array.from({ length: 900 }, (_, line) => `${word} ${line}`)
  expect(lineDiff(lines('old').join('\n'), lines('new').join('\n'))).toBeNull()
})
