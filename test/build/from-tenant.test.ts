import { copyFileSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { buildProject } from '../../build/build.ts'
import { copyProject, type ProjectCopy } from './project-copy.ts'

const oldTenant = `source: 'auth0-tenant',\n  oldTenant: { appMetadata: 'all', userMetadata: 'all' },`

/** What the head of tenant.from-tenant.yaml says to do. */
function fromTenant(): ProjectCopy {
  const project = copyProject()
  // The script verifies an ID token: jose is looked for from where the project stands.
  symlinkSync(join(process.cwd(), 'node_modules'), join(project.root, 'node_modules'))
  copyFileSync('tenant.from-tenant.yaml', join(project.root, 'tenant.yaml'))
  project.replace('migration.config.ts', 'connection:', `${oldTenant}\n  connection:`)
  project.replace('migration.config.ts', `idPrefix: 'legacy-users|'`, `idPrefix: ''`)
  return project
}

test('tenant.from-tenant.yaml: gives the bundles of an old tenant what they read, and nothing else', async () => {
  const project = fromTenant()
  expect((await buildProject(project.root)).problems).toEqual([])
  const login = project.dist()['databases/legacy-users/login.js']
  expect(login).toContain('OLD_TENANT_CONNECTION')
  expect(login).not.toContain('LEGACY_API_URL')
})

test('tenant.from-tenant.yaml: names no setting of a legacy API', () => {
  const text = readFileSync('tenant.from-tenant.yaml', 'utf8')
  expect(new Set(text.match(/##\w+##/g))).toEqual(
    new Set([
      ...['##OLD_TENANT_DOMAIN##', '##OLD_TENANT_CLIENT_ID##', '##OLD_TENANT_CLIENT_SECRET##'],
      ...['##OLD_TENANT_CONNECTION##', '##MIGRATION_PHASE##', '##CLAIM_NAMESPACE##'],
    ]),
  )
  expect(parse(text)).not.toHaveProperty('resourceServers')
})

test('tenant.from-tenant.yaml: another connection migrates once it is named in file, config and folder', async () => {
  const project = fromTenant()
  const name = 'Username-Password-Authentication'
  project.write(
    'tenant.yaml',
    readFileSync('tenant.from-tenant.yaml', 'utf8').replaceAll('legacy-users', name),
  )
  project.replace('migration.config.ts', `connection: 'legacy-users'`, `connection: '${name}'`)
  renameSync(join(project.root, 'databases/legacy-users'), join(project.root, 'databases', name))
  expect((await buildProject(project.root)).problems).toEqual([])
  expect(Object.keys(project.dist())).toContain(`databases/${name}/get_user.js`)
})

test('checkProject: with an old tenant a secret of it that is not given is a problem, protect is none', async () => {
  const project = fromTenant()
  project.replace('tenant.yaml', /.*name: OLD_TENANT_CONNECTION.*\n/, '')
  const { problems } = await buildProject(project.root)
  expect(problems).toEqual([
    {
      code: 'secret_not_given',
      subject: 'tenant.yaml: action backfill-metadata',
      message: 'does not give the secret OLD_TENANT_CONNECTION, which the code reads',
    },
  ])
})

test('checkProject: with a legacy API a tenant.yaml without protect-legacy-audience is a problem', async () => {
  const project = copyProject()
  const text = readFileSync('tenant.yaml', 'utf8')
  project.write(
    'tenant.yaml',
    text.replace(/ {2}- name: protect-legacy-audience[\s\S]*?(?= {2}- name)/, ''),
  )
  const { problems } = await buildProject(project.root)
  expect(problems.map(({ code, subject }) => `${code} ${subject}`)).toContain(
    'bundle_not_in_tenant actions/protect-legacy-audience.ts',
  )
})
