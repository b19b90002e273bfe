import { globSync, readFileSync } from 'node:fs'
import { sep } from 'node:path'
import { expect, test } from 'vitest'
import { roomOf, violationsOf } from './import-map.ts'
import { readModule } from './module-imports.ts'

const files = globSync('**/*.{ts,mts,cts,tsx,js,mjs,cjs}', {
  exclude: (path) => /^(node_modules|dist|\..+)$/.test(path),
}).map((path) => path.split(sep).join('/'))

test('imports: no module of the project breaks the map of the rooms', () => {
  const violations = files.flatMap((file) =>
    violationsOf(file, readFileSync(file, 'utf8')).map((violation) => `${file} ${violation}`),
  )
  expect(violations).toEqual([])
})

test('imports: the map is held against every room that there is', () => {
  const rooms = new Set(files.map(roomOf))
  const wanted = ['actions', 'actions-testing', 'build', 'cli', 'core', 'databases', 'runtimes']
  expect([...rooms]).toEqual(expect.arrayContaining([...wanted, 'servers/legacy-api', 'test']))
})

/** What each rule is there to refuse. A rule that lets its line through is no rule. */
const refused: [why: string, file: string, source: string, violation: string][] = [
  [
    'core knows no runtime',
    'core/a.ts',
    `import { a } from '../runtimes/b.ts'`,
    'imports ../runtimes/b.ts',
  ],
  ['core knows no Node', 'core/a.ts', `import { a } from 'node:fs'`, 'imports node:fs'],
  ['core has no npm code', 'core/a.ts', `import { z } from 'zod'`, 'imports zod'],
  [
    'core knows no test types',
    'core/a.ts',
    `import type { A } from '../actions-testing/types/cache.ts'`,
    'imports types of ../actions-testing/types/cache.ts',
  ],
  [
    'a runtime borrows types only',
    'runtimes/a.ts',
    `import { a } from '../actions-testing/types/cache.ts'`,
    'imports ../actions-testing/types/cache.ts',
  ],
  [
    'a runtime borrows from types/ only',
    'runtimes/a.ts',
    `import type { A } from '../actions-testing/event.ts'`,
    'imports types of ../actions-testing/event.ts',
  ],
  [
    'a runtime knows no Node',
    'runtimes/a.ts',
    `import { a } from 'node:http'`,
    'imports node:http',
  ],
  [
    'a runtime knows no config',
    'runtimes/a.ts',
    `import c from '../migration.config.ts'`,
    'imports ../migration.config.ts',
  ],
  ['an Action is alone', 'actions/a.ts', `import { b } from './b.ts'`, 'imports ./b.ts'],
  [
    'a Rule knows no Action',
    'rules/a.ts',
    `import { b } from '../actions/b.ts'`,
    'imports ../actions/b.ts',
  ],
  [
    'a script has no npm code',
    'databases/legacy-users/login.ts',
    `import axios from 'axios'`,
    'imports axios',
  ],
  [
    'a bundle imports nothing later',
    'actions/a.ts',
    `await import('../runtimes/action.ts')`,
    'imports ../runtimes/action.ts when it runs',
  ],
  ['a bundle requires nothing', 'runtimes/a.ts', `require('jose')`, 'imports jose when it runs'],
  [
    'the config has no code',
    'migration.config.ts',
    `import { a } from './core/a.ts'`,
    'imports ./core/a.ts',
  ],
  [
    'the build knows no runtime',
    'build/a.ts',
    `export * from '../runtimes/b.ts'\nexport const c = 1`,
    'imports ../runtimes/b.ts',
  ],
  [
    'nobody imports an Action',
    'build/a.ts',
    `import { b } from '../actions/b.ts'`,
    'imports ../actions/b.ts',
  ],
  [
    'nobody imports a script',
    'cli/a.ts',
    `import { b } from '../databases/legacy-users/login.ts'`,
    'imports ../databases/legacy-users/login.ts',
  ],
  [
    'the tenant knows no core',
    'servers/tenant/a.ts',
    `import { a } from '../../core/stamp.ts'`,
    'imports ../../core/stamp.ts',
  ],
  [
    'the tenant knows no runtime, typed or not',
    'servers/tenant/users/a.ts',
    `import type { A } from '../../../runtimes/action.ts'`,
    'imports types of ../../../runtimes/action.ts',
  ],
  [
    'the legacy API knows no kit',
    'servers/legacy-api/a.ts',
    `import type { A } from '../../core/legacy-user.ts'`,
    'imports types of ../../core/legacy-user.ts',
  ],
  [
    'the servers do not know each other',
    'servers/legacy-api/routes/a.ts',
    `import { a } from '../../tenant/state.ts'`,
    'imports ../../tenant/state.ts',
  ],
  [
    'their tests do not either',
    'test/servers/legacy-api/a.test.ts',
    `import { a } from '../../../core/stamp.ts'`,
    'imports ../../../core/stamp.ts',
  ],
  [
    'the harness knows no kit',
    'actions-testing/a.ts',
    `import { a } from '../core/stamp.ts'`,
    'imports ../core/stamp.ts',
  ],
  ['the harness is small', 'actions-testing/a.ts', `import lodash from 'lodash'`, 'imports lodash'],
  [
    'nobody imports a test',
    'cli/a.ts',
    `import { a } from '../test/import-map.ts'`,
    'imports ../test/import-map.ts',
  ],
  ['no path alias', 'cli/a.ts', `import { a } from '#core/stamp.ts'`, 'imports #core/stamp.ts'],
  [
    'no URL',
    'cli/a.ts',
    `import { a } from 'https://example.com/a.js'`,
    'imports https://example.com/a.js',
  ],
  ['nothing computed', 'cli/a.ts', `await import(name)`, 'imports something that is computed'],
  [
    'no room of one’s own',
    'tools/a.ts',
    `import { a } from 'zod'`,
    'is in tools, which is no room of the map',
  ],
  ['no default export', 'cli/a.ts', `export default 1`, 'exports by default'],
  [
    'no default export by name',
    'cli/a.ts',
    `const a = 1\nexport { a as default }`,
    'exports by default',
  ],
  [
    'no barrel',
    'core/everything.ts',
    `export * from './stamp.ts'\nexport { a } from './mark.ts'`,
    'is a barrel: it only hands on what others export',
  ],
  ['no index', 'cli/demo/index.ts', `export const a = 1`, 'is called index'],
  ['no drawer for files', 'cli/string-utils.ts', `export const a = 1`, 'is called utils'],
  ['no drawer for folders', 'core/shared/a.ts', `export const a = 1`, 'is called shared'],
]

for (const [why, file, source, violation] of refused) {
  test(`violationsOf: ${why}`, () => {
    expect(violationsOf(file, source)).toEqual([violation])
  })
}

const forms: [form: string, source: string, typeOnly: boolean][] = [
  ['over several lines', `import {\n  a,\n  type B,\n} from\n  '../zod.ts'`, false],
  ['for its effect', `import '../zod.ts'`, false],
  ['of everything', `import * as all from '../zod.ts'`, false],
  ['of a type', `import type { A } from '../zod.ts'`, true],
  ['of types among braces', `import { type A, type B } from '../zod.ts'`, true],
  ['of an empty list', `import {} from '../zod.ts'`, false],
  ['of a type where it is used', `let a: import('../zod.ts').A`, true],
  ['handed on', `export { a } from '../zod.ts'`, false],
  ['of types handed on', `export type { A } from '../zod.ts'`, true],
  ['all handed on', `export * as z from '../zod.ts'`, false],
  ['in a function', `const f = () => import('../zod.ts')`, false],
  ['in a template', 'void import(`../zod.ts`)', false],
  ['by require', `const z = require('../zod.ts')`, false],
  ['by require.resolve', `const z = require.resolve('../zod.ts')`, false],
  ['by import =', `import z = require('../zod.ts')`, false],
]

for (const [form, source, typeOnly] of forms) {
  test(`readModule: sees an import ${form}`, () => {
    expect(readModule('a.ts', source).imports).toMatchObject([{ specifier: '../zod.ts', typeOnly }])
  })
}

test('readModule: takes no comment and no text for an import', () => {
  const source = `// import '../a.ts'\n/* export * from '../b.ts' */\nconst c = "import '../c.ts'"`
  expect(readModule('a.ts', source).imports).toEqual([])
})

test('readModule: refuses what does not parse', () => {
  expect(() => readModule('a.ts', `import { from '../b.ts'`)).toThrow(SyntaxError)
})
