import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeadLetterFile } from '../../cli/import/dead-letter-file.ts'
import { writeWhole } from '../../cli/temporary-file.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporary-file-'))
})

afterAll(() => rm(folder, { recursive: true }))

test('writeWhole: a disk that takes no more is said to, and what to do', async () => {
  const path = join(folder, 'rows')
  await writeFile(path, '')
  const handle = await open(path, 'r')
  expect(() => writeWhole(handle, Buffer.from('row'), 0)).toThrowError(
    expect.objectContaining({
      code: 'file_not_writable',
      message: expect.stringMatching(/EBADF.*--temp/),
    }),
  )
  await handle.close()
})

test('createDeadLetterFile: a letter that cannot be written ends the run, and says what to do', async () => {
  const letters = createDeadLetterFile(join(folder, 'dead.ndjson'))
  const letter = { reason: 'x', message: 'y', line: 1, format: 'ndjson', original: '{}' } as const
  await letters.add(letter)
  await letters.close()
  await expect(letters.add(letter)).rejects.toMatchObject({
    code: 'file_not_writable',
    message: expect.stringContaining('--dead-letters'),
  })
  expect(letters.letters).toBe(1)
})
