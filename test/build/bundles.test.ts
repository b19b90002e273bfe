import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { parse } from 'acorn'
import { expect, test } from 'vitest'
import { buildProject, checkProject } from '../../build/build.ts'
import { copyProject } from './project-copy.ts'

const actions = ['backfill-metadata', 'copy-metadata', 'mark-migrated', 'protect-legacy-audience']
const scripts = ['get_user', 'login', 'no-op/get_user', 'no-op/login']

async function built(project = copyProject()) {
  const { problems } = await buildProject(project.root)
  expect(problems).toEqual([])
  return project.dist()
}

test('buildProject: one file of dist/ for each Action and script', async () => {
  expect(Object.keys(await built())).toEqual([
    ...actions.map((name) => `actions/${name}.js`),
    ...scripts.map((name) => `databases/legacy-users/${name}.js`).sort(),
  ])
})

test('buildProject: the same sources give the same bytes, wherever they lie', async () => {
  const [here, there] = [copyProject(), copyProject()]
  expect(await built(here)).toEqual(await built(there))
  for (const code of Object.values(here.dist())) {
    expect(code).not.toContain(here.root)
    expect(code).not.toContain(process.cwd())
  }
})

test('buildProject: a bundle that has not changed is not touched, one without a source goes', async () => {
  const project = copyProject()
  await built(project)
  const file = join(project.root, 'dist/actions/copy-metadata.js')
  const { mtimeMs, ino } = statSync(file)
  project.write('dist/actions/left-over.js', 'a()')
  project.write('dist/notes.txt', 'mine')
  const after = await built(project)
  expect(statSync(file)).toMatchObject({ mtimeMs, ino })
  expect(Object.keys(after)).not.toContain('actions/left-over.js')
  expect(Object.keys(after)).toContain('notes.txt')
})

test('checkProject: the same bundles, and nothing written', async () => {
  const project = copyProject()
  const { bundles } = await checkProject(project.root)
  expect(project.dist()).toEqual({})
  const checked = bundles.map(({ entry, code }) => [entry.bundle.slice('dist/'.length), code])
  expect(Object.fromEntries(checked)).toEqual(await built(project))
})

test('bundle: says from what it was built, and another word when that has changed', async () => {
  const project = copyProject()
  const hashOf = (code = '') => /^\/\/ sha256 of the sources: ([0-9a-f]{64})$/m.exec(code)?.[1]
  const before = await built(project)
  const copy = before['actions/copy-metadata.js'] ?? ''
  expect(copy).toMatch(/^\/\/ Built by auth0-migration-hygiene;/)
  expect(copy).toMatch(/^\/\/ Sources: actions\/copy-metadata\.ts, .*migration\.config\.ts/m)
  project.replace('core/claims.ts', 'const punctuation = 6', 'const punctuation = 7')
  const after = await built(project)
  expect(hashOf(after['actions/copy-metadata.js'])).not.toBe(hashOf(copy))
  const untouched = 'databases/legacy-users/login.js'
  expect(after[untouched]).toBe(before[untouched])
})

test('bundle: no comment of the config reaches a tenant, its values do', async () => {
  const project = copyProject()
  const comments = ['// Kq1', '/* Kq2 */', '//! Kq3', '/* @license Kq4 */'].join('\n')
  project.replace('migration.config.ts', 'claims: [', `${comments}\nclaims: [\n${comments}\n`)
  project.replace('migration.config.ts', 'export default', `${comments}\nexport default`)
  const dist = await built(project)
  for (const code of Object.values(dist)) expect(code).not.toMatch(/Kq\d/)
  expect(dist['actions/copy-metadata.js']).toContain('"app_metadata.plan"')
})

test('bundle: the config is a value, not worked out anew on the tenant', async () => {
  const project = copyProject()
  project.replace('migration.config.ts', `'2026-11-21'`, `new Date(0).toISOString()`)
  const dist = await built(project)
  expect(dist['actions/backfill-metadata.js']).toContain('"1970-01-01T00:00:00.000Z"')
  expect(dist['actions/backfill-metadata.js']).not.toContain('Date(0)')
})

test('bundle: each parses as a script and holds no keyword of deploy-cli', async () => {
  for (const code of Object.values(await built())) {
    expect(() => parse(code, { ecmaVersion: 2024, sourceType: 'script' })).not.toThrow()
    expect(code).not.toMatch(/(##|@@)\w+(##|@@)/)
  }
})

test('bundle: an Action exports its one function and touches nothing while it loads', async () => {
  const dist = await built()
  for (const name of actions) {
    const exports: Record<string, unknown> = {}
    const scope = createContext({ exports })
    const before = Object.keys(scope)
    new Script(`(() => {${dist[`actions/${name}.js`]}\n})()`).runInContext(scope)
    expect(Object.keys(exports)).toEqual(['onExecutePostLogin'])
    // https://github.com/auth0/auth0-actions: Auth0 takes no other function.
    expect(exports.onExecutePostLogin?.constructor.name).toBe('AsyncFunction')
    expect(Object.keys(scope)).toEqual(before)
  }
})

test('bundle: a script is one function of Auth0’s name, and nothing else', async () => {
  const dist = await built()
  const signatures = scripts.map((name) => {
    const code = dist[`databases/legacy-users/${name}.js`] ?? ''
    const { body } = parse(code, { ecmaVersion: 2024, sourceType: 'script' })
    expect(body.map(({ type }) => type)).toEqual(['FunctionDeclaration'])
    return /^function .*\)/m.exec(code)?.[0]
  })
  const [getUser, login] = [
    'function getUser(email, callback)',
    'function login(userNameOrEmail, password, callback)',
  ]
  expect(signatures).toEqual([getUser, login, getUser, login])
})

test('bundle: an export may have another name inside, and text may look like one', async () => {
  const project = copyProject()
  project.write(
    'actions/protect-legacy-audience.ts',
    `const text = \`\nexport { nothing };\n\`\nasync function handler(event: any) {\n` +
      `  return [text, event.secrets.LEGACY_API_AUDIENCE]\n}\nexport { handler as onExecutePostLogin }\n`,
  )
  const code = (await built(project))['actions/protect-legacy-audience.js']
  const exports: { onExecutePostLogin?: (event: object) => Promise<unknown> } = {}
  new Script(`(exports) => {${code}\n}`).runInThisContext()(exports)
  const answer = exports.onExecutePostLogin?.({ secrets: { LEGACY_API_AUDIENCE: 'a' } })
  expect(await answer).toEqual(['\nexport { nothing };\n', 'a'])
})
