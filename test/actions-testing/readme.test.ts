import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { onExecutePostLogin } from '../../actions/copy-metadata.ts'
import { onExecutePostLogin as protect } from '../../actions/protect-legacy-audience.ts'
import { createPostLoginEvent } from '../../actions-testing/event.ts'
import { forEachSeed } from '../../actions-testing/for-each-seed.ts'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { runAction } from '../../actions-testing/run-action.ts'

const readme = readFileSync('actions-testing/README.md', 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'actions-testing-readme-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, code = '']) => code,
  )

/** What the blocks import, and where from. */
const imported = {
  createInProcessRuntime: [createInProcessRuntime, '../actions-testing/in-process-runtime.ts'],
  createPostLoginEvent: [createPostLoginEvent, '../actions-testing/event.ts'],
  forEachSeed: [forEachSeed, '../actions-testing/for-each-seed.ts'],
  onExecutePostLogin: [onExecutePostLogin, '../actions/copy-metadata.ts'],
  'onExecutePostLogin as protect': [protect, '../actions/protect-legacy-audience.ts'],
  runAction: [runAction, '../actions-testing/run-action.ts'],
} as const

test('README: the first test has ten lines, and passes as it stands there, and so do the others', async () => {
  const [first = '', ...others] = blocks('ts')
  expect(first.trimEnd().split('\n')).toHaveLength(10)
  const lines = [first, ...others].join('\n').split('\n')
  const imports = Object.entries(imported).map(
    ([name, [, from]]) => `import { ${name} } from '${from}'`,
  )
  const own = `import { expect, test } from 'vitest'`
  expect(lines.filter((line) => line.startsWith('import ')).sort()).toEqual(
    [own, ...imports].sort(),
  )
  const body = lines.filter((line) => !line.startsWith('import ')).join('\n')
  const tests: (() => Promise<unknown>)[] = []
  const values = Object.entries(imported).map(([name, [value]]) => [name.split(' ').at(-1), value])
  const bindings = {
    ...Object.fromEntries(values),
    expect,
    test: (_: string, run: never) => tests.push(run),
  }
  new Function(...Object.keys(bindings), body)(...Object.values(bindings))
  expect(tests).toHaveLength(lines.filter((line) => line.startsWith('test(')).length)
  for (const run of tests) await run()
})

test('README: the workflow is one, and both of its commands find the tests', async () => {
  const [workflow = ''] = blocks('yaml')
  const { jobs, on, permissions } = parse(workflow)
  expect({ on, permissions }).toEqual({ on: ['push', 'pull_request'], permissions: {} })
  expect(jobs.test.steps.map(({ uses, run }: Record<string, string>) => uses ?? run)).toHaveLength(
    4,
  )
  const [, pattern = ''] = workflow.match(/node --test '([^'\n]+)'/) ?? []
  const [, vitest = ''] = workflow.match(/vitest run (\S+)/) ?? []
  expect(pattern.startsWith(`${vitest}/`)).toBe(true)
  mkdirSync(join(folder, vitest, 'deep'), { recursive: true })
  const passing = `import test from 'node:test'\ntest('is found', () => { const n: number = 1; void n })`
  for (const name of ['one.test.ts', 'deep/two.test.ts']) {
    writeFileSync(join(folder, vitest, name), passing)
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', pattern], {
    cwd: folder,
  })
  expect(stdout).toMatch(/pass 2\b/)
  expect(stdout).toMatch(/fail 0\b/)
})
