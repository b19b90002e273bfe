import fc from 'fast-check'
import { Response } from 'undici'
import { expect, test } from 'vitest'
import type { LegacyOperator } from '../../cli/legacy-operator.ts'
import { addUp, readCounts } from '../../cli/status/legacy-counts.ts'
import { legacyIds } from '../../cli/status/legacy-stream.ts'

const quiet = { report: () => undefined, end: () => undefined }
const signal = new AbortController().signal
const context = { signal, progress: quiet }

function linesFrom(ids: readonly string[], after: string | null): string {
  const rest = ids.filter(
    (id) => after === null || Buffer.compare(Buffer.from(id), Buffer.from(after)) > 0,
  )
  const users = rest.map((legacy_id) => JSON.stringify({ legacy_id, email: 'x@legacy.example' }))
  return [...users, JSON.stringify({ end: true, count: rest.length }), ''].join('\n')
}

/** A body of a few bytes at a time, which ends, or breaks off, after `length`. */
function bodyOf(text: string, length: number, breaks: boolean): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text).slice(0, length)
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      if (sent < bytes.length) {
        controller.enqueue(bytes.slice(sent, sent + 7))
        sent += 7
      } else if (breaks) controller.error(new Error('cut off'))
      else controller.close()
    },
  })
}

interface Cut {
  readonly share: number
  readonly breaks: boolean
}

/** A legacy API whose answers are cut off as `cuts` say, one after the other, and then no more. */
function cutStore(ids: readonly string[], cuts: readonly Cut[]): Pick<LegacyOperator, 'read'> {
  let asked = 0
  return {
    read: async (_scope, path) => {
      const text = linesFrom(ids, new URL(path, 'http://a').searchParams.get('after'))
      const cut = cuts[asked]
      asked += 1
      const bytes = Buffer.byteLength(text)
      const length = cut === undefined ? bytes : Math.floor(bytes * cut.share)
      return new Response(bodyOf(text, length, cut?.breaks ?? false))
    },
  }
}

async function all(ids: AsyncIterable<string>): Promise<readonly string[]> {
  const list: string[] = []
  for await (const id of ids) list.push(id)
  return list
}

const ids = fc
  .uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 12 })
  .map((list) => list.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))

test('legacyIds: wherever the stream is cut off, all come, in order, each once', async () => {
  const cut = fc.record({
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
    breaks: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(ids, fc.array(cut, { maxLength: 4 }), async (wanted, cuts) => {
      expect(await all(legacyIds(cutStore(wanted, cuts), {}, context, 1))).toEqual(wanted)
    }),
  )
})

test('legacyIds: goes on after the last user, as often as it takes', async () => {
  const wanted = Array.from({ length: 40 }, (_, index) => `user-${String(index).padStart(2, '0')}`)
  const cuts = Array.from({ length: 4 }, () => ({ share: 0.3, breaks: true }))
  expect(await all(legacyIds(cutStore(wanted, cuts), {}, context, 1))).toEqual(wanted)
})

test('legacyIds: a stream that is always cut off is an error, never a part of it', async () => {
  const never: Pick<LegacyOperator, 'read'> = { read: async () => new Response('') }
  await expect(all(legacyIds(never, {}, context, 1))).rejects.toMatchObject({
    code: 'request_failed',
    message: expect.stringContaining('cut off 5 times'),
  })
})

const spoilt: [why: string, text: string, says: string][] = [
  ['an end that counts others', '{"legacy_id":"1"}\n{"end":true,"count":2}\n', 'does not agree'],
  [
    'users out of order',
    '{"legacy_id":"2"}\n{"legacy_id":"1"}\n{"end":true,"count":2}\n',
    'ordered',
  ],
  ['a user twice', '{"legacy_id":"1"}\n{"legacy_id":"1"}\n{"end":true,"count":2}\n', 'ordered'],
  ['a line of another kind', '{"id":"1","email":"x@legacy.example"}\n', 'no legacy_id'],
  ['what is not JSON', '<h1>x@legacy.example</h1>\n', 'not JSON'],
]

for (const [why, text, says] of spoilt) {
  test(`legacyIds: refuses ${why}, and repeats no line`, async () => {
    const store: Pick<LegacyOperator, 'read'> = { read: async () => new Response(text) }
    const error = await all(legacyIds(store, {}, context)).catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: 'request_failed', message: expect.stringContaining(says) })
    expect(String(error)).not.toContain('legacy.example')
  })
}

const counts = {
  ...{ total: 10, migrated: 4, remaining: 6, complete: 3, too_large: 1, not_found: 0 },
  per_day: [{ date: '2026-11-20', migrated: 4 }],
}

test('readCounts: asks again while there is no answer', async () => {
  let asked = 0
  const store: Pick<LegacyOperator, 'read'> = {
    read: async () => {
      asked += 1
      return asked < 3 ? null : (Response.json(counts) as never)
    },
  }
  expect(await readCounts(store, signal)).toEqual(counts)
})

test('readCounts: names what is not of the contract', async () => {
  const spoilt = { ...counts, remaining: '6', per_day: [{ date: 'yesterday', migrated: 4 }] }
  const store: Pick<LegacyOperator, 'read'> = { read: async () => Response.json(spoilt) as never }
  await expect(readCounts(store, signal)).rejects.toMatchObject({
    code: 'request_failed',
    message: expect.stringMatching(/remaining.*per_day\.0\.date/),
  })
})

test('addUp: is false of numbers that were counted while users migrated', () => {
  expect(addUp(counts)).toBe(true)
  expect(addUp({ ...counts, migrated: 5 })).toBe(false)
  expect(addUp({ ...counts, complete: 2 })).toBe(false)
})
