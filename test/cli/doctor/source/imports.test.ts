import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scanSources } from '../../../../cli/doctor/source/scan-sources.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-imports-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function scan(files: Readonly<Record<string, string>>): readonly string[] {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return [...scanSources([folder])].flatMap((one) => {
    if (one.type === 'progress') return []
    const { file = '', line } = one.where
    const said = one.type === 'finding' ? one.kind.id : one.because
    return [`${relative(folder, file)}:${line} ${said}`]
  })
}

const url = "'https://acme.auth0.com/tokeninfo'"
const found = ['b.js:2 tokeninfo-validation']

const followed: readonly (readonly [what: string, exports: string, imports: string])[] = [
  ['a name', `export const URL = ${url}`, "import { URL } from './a'\nfetch(URL)"],
  ['another name', `export const URL = ${url}`, "import { URL as u } from './a.js'\nfetch(u)"],
  [
    'a list of names',
    `const u = ${url}\nexport { u as URL }`,
    "import { URL } from './a'\nfetch(URL)",
  ],
  ['a namespace', `export const URL = ${url}`, "import * as a from './a'\nfetch(a.URL)"],
  ['the default', `export default ${url}`, "import url from './a'\nfetch(url)"],
  [
    'an object',
    `export const urls = Object.freeze({ old: { check: ${url} } })`,
    "import { urls } from './a'\nfetch(urls.old.check)",
  ],
  [
    'a part',
    "export const host = 'https://acme.auth0.com'",
    "import { host } from './a'\nfetch(host + '/tokeninfo')",
  ],
  [
    'a part that is put together',
    "const host = 'https://acme.auth0.com'\nexport const URL = host + '/tokeninfo'",
    "import { URL } from './a'\nfetch(URL)",
  ],
  ['CommonJS', `module.exports = { URL: ${url} }`, "const { URL } = require('./a')\nfetch(URL)"],
  ['CommonJS, by name', `exports.URL = ${url}`, "const a = require('./a')\nfetch(a.URL)"],
  [
    'CommonJS as the default',
    `module.exports = { URL: ${url} }`,
    "import a from './a'\nfetch(a.URL)",
  ],
]

for (const [what, exports, imports] of followed) {
  test(`scanSources: follows ${what} from one file to another, whichever comes first`, () => {
    // A text that names the file itself would be found without an import.
    const seen = scan({ 'a.js': exports, 'b.js': imports })
    expect(seen).toEqual(found)
    rmSync(join(folder, 'a.js'))
    rmSync(join(folder, 'b.js'))
    const renamed = imports.replace(/\.\/a(\.js)?/, './z')
    expect(scan({ 'b.js': renamed, 'z.js': exports })).toEqual(found)
  })
}

test('scanSources: follows into a folder by its index, up and down', () => {
  expect(
    scan({
      'config/index.ts': `export const URL: string = ${url}`,
      'src/deep/b.tsx': "import { URL } from '../../config'\nfetch(URL)",
      'config/c.js': "import { URL } from '.'\nfetch(URL)",
    }),
  ).toEqual(['config/c.js:2 tokeninfo-validation', 'src/deep/b.tsx:2 tokeninfo-validation'])
})

const left: readonly (readonly [why: string, files: Readonly<Record<string, string>>])[] = [
  [
    'a name that the file declares itself',
    {
      'a.js': `export const URL = ${url}`,
      'b.js': "import { URL } from './a'\nfunction f(URL) { fetch(URL) }\nf('https://b.example/')",
    },
  ],
  [
    'another name of the module',
    {
      'a.js': `export const URL = ${url}\nexport const other = 'https://b.example/'`,
      'b.js': "import { other } from './a'\nfetch(other)",
    },
  ],
  [
    'a module of the same name elsewhere',
    {
      'a.js': `export const URL = ${url}`,
      'sub/a.js': "export const URL = 'https://b.example/'",
      'sub/b.js': "import { URL } from './a'\nfetch(URL)",
    },
  ],
  [
    'a package',
    { 'a.js': `export const URL = ${url}`, 'b.js': "import { URL } from 'a'\nfetch(URL)" },
  ],
  [
    'a variable that may change',
    {
      'a.js': `export let URL = ${url}\nexport const set = (to) => { URL = to }`,
      'b.js': "import { URL } from './a'\nfetch(URL)",
    },
  ],
  [
    'one of two files that an import may mean',
    {
      'a.js': "export const URL = 'https://b.auth0.com/userinfo'",
      'a.ts': `export const URL = ${url}`,
      'b.js': "import { URL } from './a'\nfetch(URL)",
    },
  ],
  [
    'an import in a comment',
    { 'a.js': `export const URL = ${url}`, 'b.js': "// import { URL } from './a'\nfetch(URL)" },
  ],
]

for (const [why, files] of left) {
  test(`scanSources: finds nothing by ${why}`, () => {
    expect(scan(files)).toEqual([])
  })
}

test('scanSources: tells once what a file has by itself and by an import', () => {
  expect(
    scan({
      'a.js': `export const URL = ${url}`,
      'b.js': `import { URL } from './a'\nfetch(URL)\nfetch(${url})`,
    }),
  ).toEqual(['b.js:3 tokeninfo-validation', 'b.js:2 tokeninfo-validation'])
})

test('scanSources: says of a file that it hands constants on, which is not followed', () => {
  expect(
    scan({
      'a.js': `export const URL = ${url}`,
      'all.js': "export * from './a'",
      'one.js': "export { URL } from './a'",
      'other.js': "export { nothing } from './b'",
      'use.js': "import { URL } from './one'\nfetch(URL)",
    }),
  ).toEqual([
    'all.js:undefined it hands on what ./a exports, which is not followed',
    'one.js:undefined it hands on what ./a exports, which is not followed',
  ])
})

test('scanSources: of too many modules the rest is not checked, which is told', () => {
  const many = Array.from({ length: 1_001 }, (_, at) => [`m${at}.js`, `export const U = ${url}`])
  expect(scan(Object.fromEntries(many))).toEqual([
    ':undefined too many files export constants for all to be followed',
  ])
})
