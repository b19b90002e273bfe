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
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mutations } from './mutations/all-mutations.ts'

const run = promisify(execFile)
const root = mkdtempSync(join(tmpdir(), 'actions-testing-mutations-'))
const rooms = [
  'actions-testing',
  'test/actions-testing/mutations',
  'test/actions-testing/runtimes.ts',
]
/** What was found in each copy: of the room as it is, and of the room with the mutation of that number. */
const held = new Map<string, boolean | string>()

/** The room as it is; the copies below share its files but for the one that is changed. */
function copyRooms(): readonly string[] {
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'))
  for (const room of rooms) cpSync(room, join(root, 'intact', room), { recursive: true })
  return globSync('**/*.ts', { cwd: join(root, 'intact'), exclude: ['**/types/**'] })
}

function copyWith(files: readonly string[], number: number): void {
  const { file, find, replace } = mutations[number] as (typeof mutations)[number]
  for (const path of files) {
    const to = join(root, `${number}`, path)
    mkdirSync(dirname(to), { recursive: true })
    if (path !== join('actions-testing', file)) linkSync(join(root, 'intact', path), to)
    else
      writeFileSync(
        to,
        readFileSync(join(root, 'intact', path), 'utf8').replace(find, () => replace),
      )
  }
}

/** A program that probes many copies, one after the other, and prints what held. */
function program(
  name: string,
  probes: readonly (readonly [copy: string, number: number])[],
): string {
  const list = '/test/actions-testing/mutations/all-mutations.ts'
  const lines = [
    `process.on('uncaughtException', () => {})`,
    `process.on('unhandledRejection', () => {})`,
    `const held = []`,
    ...probes.map(
      ([copy, number]) => `try {
        const { mutations } = await import('./${copy}${list}')
        held.push(['${copy}', ${number}, await mutations[${number}].holds()])
      } catch (error) { held.push(['${copy}', ${number}, String(error)]) }`,
    ),
    `process.stdout.write(JSON.stringify(held), () => process.exit())`,
  ]
  const path = join(root, `${name}.mjs`)
  writeFileSync(path, lines.join('\n'))
  return path
}

beforeAll(async () => {
  const files = copyRooms()
  for (const number of mutations.keys()) copyWith(files, number)
  const numbers = [...mutations.keys()]
  const programs = [
    program(
      'intact',
      numbers.map((number) => ['intact', number]),
    ),
    program(
      'even',
      numbers.filter((n) => n % 2 === 0).map((number) => [`${number}`, number]),
    ),
    program(
      'odd',
      numbers.filter((n) => n % 2 === 1).map((number) => [`${number}`, number]),
    ),
  ]
  const outputs = await Promise.all(programs.map((path) => run(process.execPath, [path])))
  for (const { stdout } of outputs) {
    for (const [copy, number, result] of JSON.parse(stdout)) held.set(`${copy} ${number}`, result)
  }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('mutations: a limit holds, and with one change of the room it does not', () => {
  test.each(mutations.map((mutation, number) => [mutation.limit, number] as const))(
    '%s',
    (_limit, number) => {
      const { file, find } = mutations[number] as (typeof mutations)[number]
      const source = readFileSync(join('actions-testing', file), 'utf8')
      expect(source.split(find), `${find} in ${file}`).toHaveLength(2)
      expect(held.get(`intact ${number}`)).toBe(true)
      expect(held.get(`${number} ${number}`)).toBe(false)
    },
  )
})

test('mutations: no limit is named twice', () => {
  const limits = mutations.map(({ limit }) => limit)
  expect(new Set(limits).size).toBe(limits.length)
})
