import { execFile } from 'node:child_process'
import {
  cpSync,
  globSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limits } from './limits.ts'

const rooms = ['actions-testing', 'servers/tenant', 'test/servers/tenant']
const root = mkdtempSync(join(tmpdir(), 'tenant-limits-'))
/** How each test ended: `COPY/FILE: TITLE`. */
const ends = new Map<string, string>()

const name = (number: number) => `limit-${number}`

/** One copy as it is; the others share its files but for the one that is changed. */
function copyRooms(): void {
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
  for (const room of rooms) cpSync(room, join(root, 'intact', room), { recursive: true })
  const files = globSync('**/*.{ts,js,cjs,yaml}', { cwd: join(root, 'intact') })
  for (const [number, { file, find, replace }] of limits.entries()) {
    for (const path of files) {
      const to = join(root, name(number), path)
      mkdirSync(dirname(to), { recursive: true })
      if (path !== join('servers/tenant', file)) linkSync(join(root, 'intact', path), to)
      else
        writeFileSync(
          to,
          readFileSync(join(root, 'intact', path), 'utf8').replace(find, () => replace),
        )
    }
  }
}

const pathOf = (copy: string, file: string) => join(root, copy, 'test/servers/tenant', file)

/** One run for all copies, of the tests with these titles only. */
async function runTests(): Promise<void> {
  const output = join(root, 'ends.json')
  const files = limits.flatMap(({ test: file }, number) => [
    pathOf('intact', file),
    pathOf(name(number), file),
  ])
  const titles = limits.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs')
  const options = ['--root', root, '--reporter=json', `--outputFile=${output}`, '--maxWorkers=2']
  const only = ['--testTimeout=15000', '-t', `^(${titles.join('|')})$`]
  // It ends with 1, as it should: most of these tests are to fail.
  await promisify(execFile)(
    process.execPath,
    [vitest, 'run', ...options, ...only, ...new Set(files)],
    {
      cwd: root,
    },
  ).catch(() => undefined)
  for (const { name: file, assertionResults } of JSON.parse(readFileSync(output, 'utf8'))
    .testResults) {
    for (const { title, status } of assertionResults) ends.set(`${file}: ${title}`, status)
  }
}

beforeAll(async () => {
  copyRooms()
  await runTests()
}, 600_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

test.each(limits.map((limit, number) => [limit.title, limit.file, number] as const))(
  'limits: "%s" goes red by a change of %s',
  (title, file, number) => {
    const { find, test: where } = limits[number] as (typeof limits)[number]
    const source = readFileSync(join('servers/tenant', file), 'utf8')
    expect(source.split(find), `${find} in ${file}`).toHaveLength(2)
    expect(ends.get(`${pathOf('intact', where)}: ${title}`)).toBe('passed')
    expect(ends.get(`${pathOf(name(number), where)}: ${title}`)).toBe('failed')
  },
)
