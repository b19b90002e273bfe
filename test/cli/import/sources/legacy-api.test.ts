import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { legacyApiLines } from '../../../../cli/import/sources/legacy-api.ts'
import type { LegacyOperator } from '../../../../cli/legacy-operator.ts'

const signal = new AbortController().signal
const user = (id: string) =>
  `${JSON.stringify({ legacy_id: id, email: `${id}é@legacy.example` })}\n`
const end = (count: number) => `${JSON.stringify({ end: true, count })}\n`

/** A legacy API that answers each request with the next text, in pieces of some bytes. */
function operatorOf(answers: readonly (string | null)[], piece = 5) {
  const asked: string[] = []
  const read = async (_scope: string, path: string) => {
    const text = answers[asked.length] ?? null
    asked.push(path)
    if (text === null) return null
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
      bytes.subarray(index * piece, (index + 1) * piece),
    )
    return new Response(ReadableStream.from(pieces))
  }
  return { asked, read: read as unknown as LegacyOperator['read'] }
}

async function linesOf(operator: Pick<LegacyOperator, 'read'>): Promise<string> {
  return (await buffer(legacyApiLines(operator, signal, 1))).toString('utf8')
}

test('legacyApiLines: gives the users that have no mark, and not the end line', async () => {
  for (const piece of [1, 5, 4_096]) {
    const operator = operatorOf([user('1') + user('2') + end(2)], piece)
    expect(await linesOf(operator)).toBe(user('1') + user('2'))
    expect(operator.asked).toEqual(['v1/users?migrated=false'])
  }
})

test('legacyApiLines: goes on behind the last whole line, wherever it was cut off', async () => {
  const all = user('1') + user('2')
  for (let cut = 1; cut < all.length; cut += 1) {
    const whole = all.slice(0, cut).lastIndexOf('\n') + 1
    const lines = all.slice(0, whole).split('\n').length - 1
    const rest = lines === 0 ? all + end(2) : all.slice(whole) + end(2 - lines)
    const operator = operatorOf([all.slice(0, cut), null, rest], 9)
    expect(await linesOf(operator)).toBe(all)
    const after = lines === 0 ? '' : `&after=${lines}`
    expect(operator.asked[2]).toBe(`v1/users?migrated=false${after}`)
  }
})

test('legacyApiLines: a stream that never comes to its end line is an error, and no shorter source', async () => {
  const operator = operatorOf([user('1')])
  await expect(linesOf(operator)).rejects.toMatchObject({ code: 'source_cut_off' })
  expect(operator.asked).toHaveLength(6)
})

test('legacyApiLines: an end line that counts other users than came is an error', async () => {
  await expect(linesOf(operatorOf([user('1') + end(2)]))).rejects.toMatchObject({
    code: 'source_cut_off',
    message:
      'The stream of the legacy API (GET /v1/users) has an end line that does not agree with it. Nothing was sent.',
  })
})

test('legacyApiLines: an empty store is an end line alone', async () => {
  expect(await linesOf(operatorOf([end(0)]))).toBe('')
})
