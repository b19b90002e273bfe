import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildProject } from '../../build/build.ts'
import { copyProject, type ProjectCopy } from './project-copy.ts'

const chosen = (method: string) => (project: ProjectCopy) =>
  project.replace(
    'migration.config.ts',
    '  claims: [\n',
    `  clientAuthentication: '${method}',\n  claims: [\n`,
  )

function withKeys(): ProjectCopy {
  const project = copyProject()
  symlinkSync(join(process.cwd(), 'node_modules'), join(project.root, 'node_modules'))
  chosen('private-key-jwt')(project)
  return project
}

const callers = ['actions/backfill-metadata', 'actions/mark-migrated']
const scripts = ['databases/legacy-users/login', 'databases/legacy-users/get_user']

test('clientAuthentication: the sample’s bundles hold neither jose nor a private key’s name', async () => {
  const project = copyProject()
  expect((await buildProject(project.root)).problems).toEqual([])
  for (const code of Object.values(project.dist())) {
    expect(code).not.toMatch(/jose|PRIVATE_KEY|client_assertion|clientAuthentication/)
  }
})

test('clientAuthentication: with private-key-jwt no bundle holds the name of a secret', async () => {
  const project = withKeys()
  const tenant = 'tenant.yaml'
  // Twice in a line: the name of the setting and the placeholder of its value.
  project.replace(tenant, /_CLIENT_SECRET/g, '_PRIVATE_KEY')
  expect((await buildProject(project.root)).problems).toEqual([])
  const dist = project.dist()
  for (const name of [...callers, ...scripts]) {
    const code = dist[`${name}.js`] ?? ''
    expect(code).toContain('client_assertion')
    expect(code).not.toContain('CLIENT_SECRET')
    expect(code).not.toMatch(/^\/\/ Sources:.*node_modules/m)
    expect(Buffer.byteLength(code)).toBeLessThan(100_000)
  }
  expect(dist['actions/backfill-metadata.js']).not.toContain('LEGACY_SCRIPTS')
  expect(dist['databases/legacy-users/login.js']).not.toContain('LEGACY_ACTIONS')
  expect(dist['actions/copy-metadata.js']).not.toContain('jose')
})

test('clientAuthentication: the build asks tenant.yaml for the keys, and for the secrets no more', async () => {
  const { problems } = await buildProject(withKeys().root)
  const asked = problems.map(({ code, subject, message }) => `${code} ${subject} ${message}`)
  for (const [subject, what, app] of [
    ['tenant.yaml: action backfill-metadata', 'secret', 'ACTIONS'],
    ['tenant.yaml: action mark-migrated', 'secret', 'ACTIONS'],
    ['tenant.yaml: database legacy-users', 'configuration value', 'SCRIPTS'],
  ] as const) {
    expect(asked).toContain(
      `secret_not_given ${subject} does not give the ${what} LEGACY_${app}_PRIVATE_KEY, which the code reads`,
    )
    expect(asked).toContain(
      `secret_not_read ${subject} gives the ${what} LEGACY_${app}_CLIENT_SECRET, which the code does not read`,
    )
  }
  expect(asked).toHaveLength(6)
})

test('clientAuthentication: another word is an error that names the field', async () => {
  const project = copyProject()
  chosen('none')(project)
  expect((await buildProject(project.root)).problems).toEqual([
    {
      code: 'config_invalid',
      subject: 'migration.config.ts: clientAuthentication',
      message: "must be 'client-secret' or 'private-key-jwt'",
    },
  ])
})
