import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scanSources } from '../../../../cli/doctor/source/scan-sources.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scan-sources-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

async function scan(
  ...folders: readonly string[]
): Promise<{ seen: readonly string[]; files: number }> {
  const seen: string[] = []
  let files = 0
  for (const one of scanSources(folders.length > 0 ? folders : [folder])) {
    if (one.type === 'progress') files = one.step.done
    else {
      const { file = '', line } = one.where
      const said = one.type === 'finding' ? one.kind.id : one.because
      seen.push(`${relative(folder, file)}${line === undefined ? '' : `:${line}`} ${said}`)
    }
  }
  return { seen, files }
}

const call = `fetch('https://acme.auth0.com/tokeninfo')`

test('scanSources: reads every kind of source, in order, and no other file', async () => {
  const names = ['a.js', 'b.cjs', 'c.mjs', 'd.jsx', 'e.ts', 'f.mts', 'g.cts', 'h.tsx']
  write(Object.fromEntries(names.map((name) => [name, `// ${name}\n${call}`])))
  write({ 'i.d.ts': call, 'j.md': call, 'k.json': call, 'sub/l.js': call })
  expect(await scan()).toEqual({
    seen: [
      ...names.map((name) => `${name}:2 tokeninfo-validation`),
      'sub/l.js:1 tokeninfo-validation',
    ],
    files: 9,
  })
})

test('scanSources: reads TypeScript and JSX by their own grammar', async () => {
  write({
    'a.ts': `const url: string = <string>'https://acme.auth0.com/tokeninfo'\nfetch(url!)`,
    'b.tsx': `export const A = () => <p onClick={() => fetch('https://acme.auth0.com/tokeninfo' as string)} />`,
  })
  expect((await scan()).seen).toEqual([
    'a.ts:2 tokeninfo-validation',
    'b.tsx:1 tokeninfo-validation',
  ])
})

test('scanSources: leaves what is installed alone', async () => {
  write({ 'node_modules/x/a.js': call, '.git/hooks/a.js': call, 'src/node_modules/a.js': call })
  const because = 'no file is JavaScript, TypeScript, a page or a manifest'
  expect(await scan()).toEqual({ seen: [` ${because}`], files: 0 })
})

test('scanSources: is not caught in a loop of links, and tells of one that leads away', async () => {
  const away = mkdtempSync(join(tmpdir(), 'scan-away-'))
  try {
    write({ 'src/a.js': call })
    symlinkSync(folder, join(folder, 'src/loop'))
    symlinkSync(join(folder, 'src'), join(folder, 'again'))
    symlinkSync('itself', join(folder, 'itself'))
    symlinkSync(away, join(folder, 'away'))
    expect((await scan()).seen).toEqual([
      'away it is a link out of the folders that were named',
      'src/a.js:1 tokeninfo-validation',
    ])
  } finally {
    rmSync(away, { recursive: true })
  }
})

test('scanSources: says what it does not read, and why', async () => {
  write({
    'binary.ts': Buffer.from([0x47, 0x40, 0x00, 0x10]),
    'broken.js': `${call}; const = auth0`,
    'huge.js': Buffer.alloc(2_000_001, ' '),
    'minified.js': `${call};${'a();'.repeat(10_000)}`,
    'other.js': 'const = nothing of ours',
  })
  expect((await scan()).seen).toEqual([
    'binary.ts it is binary, or not in UTF-8',
    'broken.js it does not parse',
    'huge.js it is larger than 2 MB',
    'minified.js it is minified',
  ])
})

test('scanSources: reads the scripts of pages and components, but not what is commented out', async () => {
  write({
    'page.html': `<html>
<!-- <script src="https://cdn.auth0.com/js/lock-8.2.min.js"></script> -->
<script src='https://cdn.auth0.com/js/lock-8.2.2.min.js'></script>
<script type="application/json">{"a": "https://acme.auth0.com/tokeninfo"}</script>
<script data-note="a > b">
  ${call}
</script>`,
    'view.vue': `<template><p>auth0</p></template>\n<script setup lang="ts">\nconst url: string = 'https://acme.auth0.com/tokeninfo'\nfetch(url)\n</script>`,
  })
  expect((await scan()).seen).toEqual([
    'page.html:3 vulnerable-password-flow',
    'page.html:3 legacy-lock-api',
    'page.html:6 tokeninfo-validation',
    'view.vue:4 tokeninfo-validation',
  ])
})

test('scanSources: reads the scripts of templates', async () => {
  const page = '<script src="https://cdn.auth0.com/js/lock/10.2/lock.min.js"></script>'
  const names = ['a.ejs', 'b.handlebars', 'c.hbs', 'd.liquid', 'e.mustache', 'f.njk', 'g.twig']
  write(Object.fromEntries([...names, 'h.svelte'].map((name) => [name, page])))
  expect((await scan()).seen).toEqual(
    [...names, 'h.svelte'].map((name) => `${name}:1 legacy-lock-api`),
  )
})

test('scanSources: tells of code in another language that names Auth0, and of no other', async () => {
  const because = 'it names Auth0, and is of a language that is not read'
  const post = 'requests.post("https://acme.auth0.com/oauth/ro")'
  write({ 'a.py': post, 'b.PHP': post, 'c.py': 'print(1)', 'd.csv': post, 'e.js': call })
  expect(await scan()).toEqual({
    seen: [`a.py ${because}`, `b.PHP ${because}`, 'e.js:1 tokeninfo-validation'],
    files: 1,
  })
})

test('scanSources: reads the versions of manifests', async () => {
  write({
    'package.json': JSON.stringify(
      { dependencies: { 'auth0-lock': '^8.1.0', 'auth0-js': '^9.0.0' } },
      null,
      1,
    ),
    'bower.json': JSON.stringify({ dependencies: { 'auth0.js': '~6' } }, null, 1),
    'broken/package.json': '{ "auth0-lock": ',
  })
  expect((await scan()).seen).toEqual([
    'bower.json:3 legacy-lock-api',
    'package.json:3 vulnerable-password-flow',
    'package.json:3 legacy-lock-api',
    'broken/package.json it is no JSON',
  ])
})

test('scanSources: knows a Rule, an Action and a script by their shape', async () => {
  write({
    'action.js': `exports.onExecutePostLogin = async (event, api) => { console.log(event.user.email) }`,
    'login.js': `function login(email, password, callback) { console.log(email); callback(new WrongUsernameOrPasswordError(email)) }`,
    'rule.js': `function (user, context, callback) {\n  console.log(user.email);\n  callback(null, user, context);\n}`,
    'own.js': `function login(email, password, callback) { console.log(email); callback(null, 'auth0') }`,
  })
  expect((await scan()).seen).toEqual([
    'action.js:1 personal-data-in-log',
    'login.js:1 personal-data-in-log',
    'rule.js:2 personal-data-in-log',
  ])
})

test('scanSources: reads a file that is named, and refuses what is not there', async () => {
  write({ 'a.js': call })
  expect((await scan(join(folder, 'a.js'))).seen).toEqual(['a.js:1 tokeninfo-validation'])
  await expect(scan(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'command_line_invalid',
  })
})

test('scanSources: says how far it is, also where nothing is to be read', () => {
  write({ 'a.js': 'a()', 'b/c.js': 'c()', 'd/e/f.png': 'no code' })
  const steps: number[] = []
  for (const one of scanSources([folder])) if (one.type === 'progress') steps.push(one.step.done)
  // A file, its folder, and so on: three folders hold nothing but one another.
  expect(steps).toEqual([1, 1, 2, 2, 2, 2])
})
