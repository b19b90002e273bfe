import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Outcome } from '../../../cli/doctor/finding.ts'
import { checkProfileSizes } from '../../../cli/doctor/users/profile-sizes.ts'

const folder = mkdtempSync(join(tmpdir(), 'doctor-users-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A profile whose JSON has so many bytes, some of them of characters that take two. */
function profile(bytes: number): string {
  const start = { email: 'somebody@people.example', app_metadata: { note: 'é' } }
  const missing = bytes - Buffer.byteLength(JSON.stringify(start))
  return JSON.stringify({ ...start, app_metadata: { note: `é${'x'.repeat(missing)}` } })
}

async function check(text: string | Buffer, name = 'users.ndjson'): Promise<readonly Outcome[]> {
  const file = join(folder, name)
  writeFileSync(file, text)
  return checkProfileSizes(file, () => {})
}

test('checkProfileSizes: counts what is over 10 KB, far over, and near, and names nobody', async () => {
  const sizes = [500, 8_000, 8_001, 10_000, 10_001, 60_000, 100_001]
  const outcomes = await check(sizes.map(profile).join('\n'))
  expect(outcomes).toMatchObject([
    {
      kind: { id: 'uncapped-user-profiles' },
      what: '3 of 7 profiles are over 10 KB, 1 of them over 100 KB; the largest has 100001 bytes.',
      where: { line: 5 },
    },
    { what: '2 of 7 profiles are between 8 and 10 KB.', severity: 'note' },
  ])
  expect(JSON.stringify(outcomes)).not.toContain('somebody')
})

test('checkProfileSizes: finds nothing where all are small', async () => {
  expect(await check(`${profile(500)}\r\n\r\n${profile(7_999)}\r\n`)).toEqual([])
})

test('checkProfileSizes: reads what a job of Auth0 gives, gzipped', async () => {
  const outcomes = await check(gzipSync(`${profile(12_000)}\n`), 'users.json.gz')
  expect(outcomes).toMatchObject([{ what: expect.stringContaining('1 of 1 profiles are over') }])
})

test('checkProfileSizes: what is no profile is counted as not checked, not as small', async () => {
  expect(await check(`${profile(500)}\n{"email":\n[]\n`)).toMatchObject([
    { type: 'not-checked', because: '2 lines are no profiles' },
  ])
  expect(await check('')).toMatchObject([
    { type: 'not-checked', because: 'no line of it is a profile' },
  ])
})

test('checkProfileSizes: a file that is not gzip is an error, not an end', async () => {
  await expect(check('no gzip', 'broken.gz')).rejects.toThrow(/header/)
})

test('checkProfileSizes: the order of users changes nothing but the line', async () => {
  const size = fc.integer({ min: 200, max: 12_000 })
  await fc.assert(
    fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 8 }), async (sizes) => {
      const of = async (list: readonly number[]) =>
        (await check(list.map(profile).join('\n'))).map((one) =>
          one.type === 'finding' ? one.what : one.because,
        )
      expect(await of(sizes.toReversed())).toEqual(await of(sizes))
    }),
    { numRuns: 20 },
  )
})

test('checkProfileSizes: takes no more memory for many users than for few', async () => {
  const lines = `${profile(2_000)}\n`.repeat(1_000)
  await check(lines)
  const file = join(folder, 'many.ndjson')
  for (let thousand = 0; thousand < 60; thousand += 1) appendFileSync(file, lines)
  const before = process.memoryUsage().rss
  const steps: number[] = []
  expect(await checkProfileSizes(file, (users) => steps.push(users))).toEqual([])
  // The file has 120 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000)
  expect(steps.at(-1)).toBe(60_000)
})

test('checkProfileSizes: a line without an end is not held, and is no profile', async () => {
  const endless = `{"a":"${'x'.repeat(12_000_000)}"}`
  expect(await check(`${profile(500)}\n${endless}\n${profile(12_000)}\n`)).toMatchObject([
    { what: expect.stringContaining('1 of 2 profiles are over 10 KB'), where: { line: 3 } },
    { type: 'not-checked', because: '1 line is no profile' },
  ])
})

test('checkProfileSizes: stops when it is told to', async () => {
  const file = join(folder, 'stopped.ndjson')
  writeFileSync(file, `${profile(200)}\n`.repeat(5_000))
  const interruption = new AbortController()
  const seen: number[] = []
  const run = checkProfileSizes(
    file,
    (users) => {
      seen.push(users)
      interruption.abort()
    },
    interruption.signal,
  )
  await expect(run).rejects.toThrow(/abort/)
  expect(seen).toEqual([1_000])
})
