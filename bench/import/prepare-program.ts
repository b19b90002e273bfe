import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { keepHeapSmall } from '../../cli/import/packing/keep-heap-small.ts'
import { prepareImport } from '../../cli/import/packing/prepare-import.ts'
import { openSource } from '../../cli/import/sources/open-source.ts'

/**
 * Prepares an import as the command does, and prints { users, files, seconds, megabytes }. Arguments:
 * the source, a folder, the program of the thread. Runs bundled, as JavaScript: what takes the types
 * out of TypeScript would be measured too.
 */
const [path = '', folder = '', threadFile = ''] = process.argv.slice(2)

const tidy = keepHeapSmall()
const startedAt = performance.now()
const input = process.stdin as Readable
const source = await openSource({ path, input, csvDelimiter: ',', folder })
const prepared = await prepareImport({
  ...{ source, folder, tidy },
  rules: {
    format: source.format,
    profile: { connection: 'legacy-users', idPrefix: 'legacy-users|' },
    at: new Date().toISOString(),
    withoutPasswords: false,
    dropForbiddenKeys: false,
    dropLargeMetadata: false,
  },
  threadProgram: readFileSync(threadFile, 'utf8'),
  seed: [1, 2, 3],
  settled: { has: () => false },
  deadLetters: {
    add: async ({ reason }) => {
      throw new Error(`a generated user is dead: ${reason}`)
    },
  },
  signal: new AbortController().signal,
})
let [files, users, largest] = [0, 0, 0]
for await (const file of prepared.files) {
  files += 1
  users += file.users.length
  largest = Math.max(largest, file.body.length)
  file.release?.()
}
const seconds = (performance.now() - startedAt) / 1_000
await prepared.close()
await source.close()
const megabytes = process.resourceUsage().maxRSS / 1_024
console.log(JSON.stringify({ users, files, largest, seconds, megabytes }))
