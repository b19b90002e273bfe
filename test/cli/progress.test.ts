import { expect, test } from 'vitest'
import { createProgress, type Progress } from '../../cli/progress.ts'

function watch(terminal: { readonly isTTY: boolean; readonly columns?: number }) {
  let [written, time] = ['', 0]
  const stream = {
    ...terminal,
    write(text: string) {
      written += text
    },
  }
  const progress: Progress = createProgress(stream, () => time)
  return {
    progress,
    wait: (milliseconds: number) => {
      time += milliseconds
    },
    written: () => written,
  }
}

test('progress: a terminal has one line that is redrawn, and a new one at the end', () => {
  const { progress, wait, written } = watch({ isTTY: true })
  progress.report({ what: 'read', done: 500, total: 2_000, unit: 'users' })
  wait(100)
  progress.report({ what: 'read', done: 2_000, total: 2_000, unit: 'users', note: '9 a second' })
  progress.end()
  expect(written()).toBe(
    '\r\u001b[K██████░░░░░░░░░░░░░░░░░░ 25 % read 500 of 2,000 users' +
      '\r\u001b[K████████████████████████ 100 % read 2,000 of 2,000 users, 9 a second\n',
  )
})

test('progress: no line is wider than the terminal', () => {
  const { progress, written } = watch({ isTTY: true, columns: 30 })
  progress.report({ what: 'a very long word for what is being done', done: 1, total: 2 })
  expect(written().replace('\r\u001b[K', '')).toHaveLength(29)
  const unknown = watch({ isTTY: true, columns: 0 })
  unknown.progress.report({ what: 'read', done: 1, unit: 'users' })
  expect(unknown.written()).toBe('\r\u001b[Kread 1 users')
})

test('progress: whoever reads a pipe gets JSON, at most a line in two seconds and the last one', () => {
  const { progress, wait, written } = watch({ isTTY: false })
  for (let done = 0; done <= 50; done += 1) {
    progress.report({ what: 'sent', done })
    wait(99)
  }
  progress.end()
  const lines = written().trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).progress.done)).toEqual([0, 21, 42, 50])
})

test('progress: what never began says nothing', () => {
  const { progress, written } = watch({ isTTY: true })
  progress.end()
  expect(written()).toBe('')
})
