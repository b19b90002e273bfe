import { expect, test, vi } from 'vitest'
import { saveChanges } from '../../../servers/tenant/save-changes.ts'

function saved() {
  const map = new Map<string, unknown>([['inner', new Map([['a', 1]])]])
  const written: string[] = []
  const text = () =>
    JSON.stringify([...map].map(([key, value]) => [key, value instanceof Map ? [...value] : value]))
  const saver = saveChanges([map], async () => {
    await Promise.resolve()
    written.push(text())
  })
  return { map, inner: map.get('inner') as Map<string, number>, written, text, saver }
}

test('save: nothing is written while nothing changes', async () => {
  const { written, map, saver } = saved()
  map.get('inner')
  map.delete('nobody')
  await saver.flush()
  expect(written).toEqual([])
})

test('save: many changes are one write, soon after the first', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { written, map, text } = saved()
  for (let index = 0; index < 1_000; index += 1) map.set('key', index)
  await expect.poll(() => written).toHaveLength(1)
  expect(written).toEqual([text()])
  vi.useRealTimers()
})

test.each<[how: string, change: (one: ReturnType<typeof saved>) => void]>([
  ['set', ({ map }) => map.set('b', 2)],
  ['deleted', ({ map }) => map.delete('inner')],
  ['cleared', ({ map }) => map.clear()],
  ['set in an inner map', ({ inner }) => inner.set('b', 2)],
])('save: what is %s is written', async (_, change) => {
  const one = saved()
  change(one)
  await one.saver.flush()
  expect(one.written.at(-1)).toBe(one.text())
})

test('save: what is set in a map that came later is written', async () => {
  const { map, saver, written } = saved()
  const later = new Map<string, number>()
  map.set('later', later).set('later', later)
  await saver.flush()
  later.set('c', 3)
  await saver.flush()
  expect(written.at(-1)).toContain('["later",[["c",3]]]')
})

test('save: what changes during a write needs no other change to be written', async () => {
  const map = new Map<string, unknown>()
  const written: unknown[] = []
  saveChanges([map], async () => {
    const value = map.get('key')
    if (value === 1) map.set('key', 2)
    written.push(value)
  })
  map.set('key', 1)
  await expect.poll(() => written).toEqual([1, 2])
})

test('save: what changes during a write is written after it, and never two at a time', async () => {
  const map = new Map<string, unknown>()
  const written: unknown[] = []
  let under = 0
  let most = 0
  const saver = saveChanges([map], async () => {
    under += 1
    most = Math.max(most, under)
    const value = map.get('key')
    await new Promise((resolve) => setTimeout(resolve, 20))
    written.push(value)
    under -= 1
    if (value === 1) map.set('key', 2)
  })
  map.set('key', 1)
  await saver.flush()
  await Promise.all([saver.flush(), saver.flush()])
  expect([written, most]).toEqual([[1, 2], 1])
})

test('save: a write that failed is made up for, and flush says that it failed', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const map = new Map<string, unknown>()
  let full = true
  let writes = 0
  const saver = saveChanges([map], async () => {
    if (full) throw Object.assign(new Error('ENOSPC: /a/secret/path'), { code: 'ENOSPC' })
    writes += 1
  })
  map.set('key', 1)
  await expect
    .poll(() => told.mock.calls)
    .toEqual([['tenant: its state could not be saved: ENOSPC']])
  await expect(saver.flush()).rejects.toThrow('ENOSPC')
  full = false
  await saver.flush()
  expect(writes).toBe(1)
  told.mockRestore()
})
