import { expect, test } from 'vitest'
import { buildProject } from '../../build/build.ts'
import { copyProject, type ProjectCopy } from './project-copy.ts'

const config = 'migration.config.ts'
const tenant = 'tenant.yaml'
const copy = 'actions/copy-metadata.ts'
const apiUrlSecret = `      - { name: LEGACY_API_URL, value: '##LEGACY_API_URL##' }\n`

/** Each way to spoil a project, and what the build says of it: all of it, or a part of the message. */
const refusals: [
  why: string,
  spoil: (project: ProjectCopy) => void,
  code: string,
  subject: string | RegExp,
  message: string | RegExp,
][] = [
  [
    'a bundle over 100 kB',
    (project) => project.append(copy, `\nconsole.log('${'x'.repeat(100_000)}')\n`),
    'bundle_too_large',
    'dist/actions/copy-metadata.js',
    /^is 10\d{4} bytes; Auth0 takes 100000$/,
  ],
  [
    'a claim that Auth0 keeps for itself',
    (project) => project.replace(config, `'plan'`, `'roles'`),
    'config_invalid',
    'migration.config.ts: claims[0].name',
    'is a name that Auth0 keeps for itself',
  ],
  [
    'a claim that lies outside the metadata',
    (project) => project.replace(config, `'app_metadata.plan'`, `'email' as never`),
    'config_invalid',
    'migration.config.ts: claims[0].path',
    /^must be app_metadata\.<key> or user_metadata\.<key>/,
  ],
  [
    'a keyword, as text',
    (project) => project.append(copy, `\nconsole.log('##STAGE##')\n`),
    'bundle_has_keyword',
    'dist/actions/copy-metadata.js',
    'holds ##STAGE##, which deploy-cli would replace: read a secret instead',
  ],
  [
    'a keyword, as JSON',
    (project) => project.append('core/rollout.ts', `\nconsole.log('@@my-stage.1@@')\n`),
    'bundle_has_keyword',
    /^dist\/actions\/(backfill-metadata|mark-migrated)\.js$/,
    /^holds @@my-stage\.1@@/,
  ],
  [
    'a secret that is read and not given',
    (project) => project.replace(tenant, apiUrlSecret, ''),
    'secret_not_given',
    'tenant.yaml: action backfill-metadata',
    'does not give the secret LEGACY_API_URL, which the code reads',
  ],
  [
    'a secret that is given and not read',
    (project) => project.replace(tenant, /(?= +- \{ name: CLAIM_NAMESPACE)/, apiUrlSecret),
    'secret_not_read',
    'tenant.yaml: action copy-metadata',
    'gives the secret LEGACY_API_URL, which the code does not read',
  ],
  [
    'a value of the connection that is not given',
    (project) => project.replace(tenant, /\n {8}LEGACY_TOKEN_URL:.*/, ''),
    'secret_not_given',
    'tenant.yaml: database legacy-users',
    'does not give the configuration value LEGACY_TOKEN_URL, which the code reads',
  ],
  [
    'a value of the connection that is not read',
    (project) => project.replace(tenant, /configuration:\n/, 'configuration:\n        STAGE: x\n'),
    'secret_not_read',
    'tenant.yaml: database legacy-users',
    'gives the configuration value STAGE, which the code does not read',
  ],
  [
    'a bundle that tenant.yaml does not name',
    (project) =>
      project.write('actions/more.ts', 'export const onExecutePostLogin = async () => {}\n'),
    'bundle_not_in_tenant',
    'actions/more.ts',
    'is built to dist/actions/more.js, which tenant.yaml does not name',
  ],
  [
    'a file that is no bundle',
    (project) => project.remove(copy),
    'bundle_not_in_tenant',
    'tenant.yaml: action copy-metadata',
    'names dist/actions/copy-metadata.js, which no source builds',
  ],
  [
    'a script that is no bundle',
    (project) => project.remove('databases/legacy-users/get_user.ts'),
    'bundle_not_in_tenant',
    'tenant.yaml: database legacy-users',
    'names dist/databases/legacy-users/get_user.js, which no source builds',
  ],
  [
    'an Action with the code of another',
    (project) => project.replace(tenant, 'name: copy-metadata', 'name: mark-metadata'),
    'bundle_not_in_tenant',
    'tenant.yaml: action mark-metadata',
    'has the code of copy-metadata: an Action has the name of its file',
  ],
  [
    'login and get_user, the one for the other',
    (project) => {
      project.replace(tenant, 'login: dist/databases/legacy-users/login.js', 'get_user: LOGIN')
      project.replace(
        tenant,
        'get_user: dist/databases/legacy-users/get_user.js',
        'login: dist/databases/legacy-users/get_user.js',
      )
      project.replace(tenant, 'get_user: LOGIN', 'get_user: dist/databases/legacy-users/login.js')
    },
    'bundle_not_in_tenant',
    'tenant.yaml: database legacy-users',
    /^has the code of (login for its get_user|get_user for its login)$/,
  ],
  [
    'a connection of another name in tenant.yaml',
    (project) => project.replace(tenant, 'name: legacy-users\n', 'name: old-users\n'),
    'connection_mismatch',
    tenant,
    'has no database legacy-users, which migration.config.ts names (it has: old-users)',
  ],
  [
    'a connection without a folder',
    (project) => project.replace(config, `connection: 'legacy-users'`, `connection: 'old-users'`),
    'connection_mismatch',
    'migration.config.ts: connection',
    'names old-users, and there is no script in databases/old-users/',
  ],
  [
    'a username that the one side asks for',
    (project) => project.replace(tenant, 'requires_username: false', 'requires_username: true'),
    'connection_mismatch',
    'tenant.yaml: database legacy-users',
    'has requires_username: true, and migration.config.ts says false',
  ],
  [
    'an Action without its function',
    (project) => project.replace(copy, 'export const onExecutePostLogin', 'export const onLogin'),
    'bundle_invalid',
    copy,
    'must export onExecutePostLogin and nothing else; it exports onLogin',
  ],
  [
    'an Action that exports more',
    (project) => project.append(copy, 'export const more = 1\n'),
    'bundle_invalid',
    copy,
    /^must export onExecutePostLogin and nothing else; it exports .*more/,
  ],
  [
    'a script that Auth0 does not call',
    (project) => project.write('databases/legacy-users/remove.ts', 'export const remove = 1\n'),
    'bundle_invalid',
    'databases/legacy-users/remove.ts',
    'is neither login nor get_user',
  ],
  [
    'an import of Node’s',
    (project) => project.append(copy, `import { hash } from 'node:crypto'\nconsole.log(hash)\n`),
    'bundle_invalid',
    copy,
    /^imports node:crypto: a bundle has what the runtime has globally/,
  ],
  [
    'a wait at the top',
    (project) => project.append(copy, 'await fetch("https://a.example")\n'),
    'bundle_invalid',
    copy,
    /^cannot be a script: /,
  ],
  [
    'a package that is not there',
    (project) => project.append(copy, `import a from 'no-such-package'\nconsole.log(a)\n`),
    'bundle_invalid',
    'actions/copy-metadata.ts:14',
    /^Could not resolve "no-such-package"/,
  ],
  [
    'a source that does not parse',
    (project) => project.append(copy, 'const a = = 1\n'),
    'bundle_invalid',
    'actions/copy-metadata.ts:14',
    'Unexpected "="',
  ],
  ['no config', (project) => project.remove(config), 'config_invalid', config, 'is missing'],
  [
    'a config that exports nothing',
    (project) => project.replace(config, 'export default', 'export const config ='),
    'config_invalid',
    config,
    'must export the config by `export default`',
  ],
  [
    'a config that does not parse',
    (project) => project.replace(config, 'connection:', 'connection'),
    'config_invalid',
    config,
    /^cannot be read: line 5: Expected "}" but found/,
  ],
  [
    'a config that throws',
    (project) => project.append(config, `throw new Error('not today')\n`),
    'config_invalid',
    config,
    'cannot be read: not today',
  ],
  ['no tenant.yaml', (project) => project.remove(tenant), 'tenant_file_invalid', tenant, /ENOENT/],
  [
    'a tenant.yaml that does not parse',
    (project) => project.append(tenant, '\n- : : {\n'),
    'tenant_file_invalid',
    tenant,
    /at line \d+/,
  ],
  [
    'an Action without code',
    (project) => project.replace(tenant, /\n {4}code: dist\/actions\/copy-metadata\.js/, ''),
    'tenant_file_invalid',
    'tenant.yaml: actions.3.code',
    /expected string/,
  ],
]

for (const [why, spoil, code, subject, message] of refusals) {
  test(`buildProject: refuses ${why}: ${code}`, async () => {
    const project = copyProject()
    spoil(project)
    const { problems } = await buildProject(project.root)
    const isText = (text: string | RegExp) =>
      text instanceof RegExp ? expect.stringMatching(text) : text
    expect(problems).toContainEqual({ code, subject: isText(subject), message: isText(message) })
    expect(project.dist()).toEqual({})
  })
}

test('buildProject: where there is a problem, what was built before stays as it was', async () => {
  const project = copyProject()
  expect((await buildProject(project.root)).problems).toEqual([])
  const before = project.dist()
  project.append(copy, `\nconsole.log('##STAGE##')\n`)
  project.append('core/mark.ts', `\nconsole.log('changed')\n`)
  project.remove('actions/backfill-metadata.ts')
  expect((await buildProject(project.root)).problems).not.toEqual([])
  expect(project.dist()).toEqual(before)
  expect(Object.keys(before)).toHaveLength(8)
})

test('buildProject: tells everything that is wrong at once', async () => {
  const project = copyProject()
  project.append(copy, `\nconsole.log('##STAGE##')\n`)
  project.replace(tenant, apiUrlSecret, '')
  project.replace(tenant, 'requires_username: false', 'requires_username: true')
  const { problems } = await buildProject(project.root)
  expect(problems.map(({ code }) => code)).toEqual([
    'bundle_has_keyword',
    'secret_not_given',
    'connection_mismatch',
  ])
})
