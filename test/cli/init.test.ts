import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import type { CommandContext } from '../../cli/command.ts'
import { createManagementClient } from '../../cli/demo/management-client.ts'
import { askAnswers } from '../../cli/init/answers.ts'
import { filesOf, writeNewFiles } from '../../cli/init/files.ts'
import { proposeByUsers, proposeWithoutTenant } from '../../cli/init/proposal.ts'
import { initCommand } from '../../cli/init.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'
import { migration } from './run-migration.ts'

let tenant: RunningTenant
let folder: string

beforeAll(async () => {
  tenant = await startTenant({ runtime: createInProcessRuntime(), passwordHashRounds: 4 })
  const management = createManagementClient(tenant)
  await management.post('connections', { name: 'people', strategy: 'auth0' })
  for (const id of ['old-store|1', 'old-store|2', 'stranger']) {
    const email = `${id.replace('|', '-')}@people.example`
    const password = 'Aa1-of-a-person'
    await management.post('users', { connection: 'people', user_id: id, email, password })
  }
})

afterAll(() => tenant.close())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const now = Date.UTC(2026, 10, 21)

test('init: writes both files, which a build takes, and says what comes next', async () => {
  const args = ['init', '--connection', 'people', '--id-prefix', 'people|', '--since', '2026-11-21']
  const { status, stdout, stderr } = await migration(args, { cwd: folder })
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('npm run build')
  expect(readdirSync(folder).sort()).toEqual(['.env.example', 'migration.config.ts'])
  const config = readFileSync(join(folder, 'migration.config.ts'), 'utf8')
  expect(config).toContain("connection: 'people'")
  expect(config).toContain("idPrefix: 'people|'")
  expect(config).toContain("backfill: { since: '2026-11-21' }")
})

test('init: never writes over a file, and then writes neither', async () => {
  writeFileSync(join(folder, '.env.example'), 'mine')
  const { status, stderr } = await migration(['init', '--id-prefix', 'x|', '--json'], {
    cwd: folder,
  })
  expect(status).toBe(1)
  expect(JSON.parse(stderr).error).toMatchObject({
    ...{ code: 'file_exists', message: expect.stringContaining('.env.example') },
  })
  expect(readdirSync(folder)).toEqual(['.env.example'])
  expect(readFileSync(join(folder, '.env.example'), 'utf8')).toBe('mine')
})

test('init: with --dry-run prints the files and writes nothing', async () => {
  const args = ['init', '--id-prefix', '', '--dry-run', '--json']
  const { status, stdout } = await migration(args, { cwd: folder })
  expect(status).toBe(0)
  const { written, files } = JSON.parse(stdout)
  expect(written).toBe(false)
  expect(files.map(({ name }: { name: string }) => name)).toEqual([
    'migration.config.ts',
    '.env.example',
  ])
  expect(readdirSync(folder)).toEqual([])
})

test('init: takes no prefix for granted where nobody can be asked', async () => {
  const { status, stderr } = await migration(['init', '--json'], { cwd: folder })
  expect(status).toBe(2)
  expect(stderr).toContain('--id-prefix')
  expect(readdirSync(folder)).toEqual([])
})

test('init: names the answer that cannot be', async () => {
  const args = ['init', '--connection', 'no such name', '--id-prefix', 'auth0|x', '--since', 'soon']
  const { status, stderr } = await migration(args, { cwd: folder })
  expect(status).toBe(2)
  expect(stderr).toMatch(/connection must be.*\n.*idPrefix must.*\n.*backfill\.since must/)
  expect(readdirSync(folder)).toEqual([])
})

test('init: looks at the users that there are, and says on what its proposal rests', async () => {
  const env = {
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.deployClient.client_id,
    AUTH0_CLIENT_SECRET: tenant.deployClient.client_secret,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
  }
  const args = ['init', '--connection', 'people', '--json']
  const { status, stderr } = await migration(args, { cwd: folder, env })
  expect(status).toBe(2)
  expect(stderr).toContain('2 of 3 users that were looked at have ids that begin with old-store|')
  expect(stderr).toContain("proposed: 'old-store|'")
  expect(stderr).not.toContain('people.example')
})

test('init: proposes by the users of the connection that is answered, not of the one that is proposed', async () => {
  const trusted = getCACertificates()
  setDefaultCACertificates([tenant.caCertificate])
  onTestFinished(() => setDefaultCACertificates(trusted))
  const asked: string[] = []
  const found = await initCommand.run(['--dry-run'], {
    env: {
      AUTH0_DOMAIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.deployClient.client_id,
      AUTH0_CLIENT_SECRET: tenant.deployClient.client_secret,
    },
    cwd: folder,
    signal: new AbortController().signal,
    ask: async (question: string) => {
      asked.push(question)
      return asked.length === 1 ? 'people' : ''
    },
    say: () => undefined,
  } as unknown as CommandContext)
  expect(asked[0]).toContain('[legacy-users]')
  expect(found.text).toContain("idPrefix: 'old-store|'")
})

test('proposeByUsers: says of ids that Auth0 gives what they may be', () => {
  const user = (user_id: string) => ({
    identities: [{ connection: 'people', provider: 'auth0', user_id }],
  })
  const { idPrefix, because } = proposeByUsers([user('5f7c8ec7c33c6c004bbafe82')], 'people', now)
  expect(idPrefix).toBe('')
  expect(because.join('\n')).toContain('24 hexadecimal digits')
  expect(proposeByUsers([user('7')], 'people', now).because.join('\n')).not.toContain('hexadecimal')
})

test('init: where the second file cannot be written the first is taken away again', () => {
  const files = [
    { name: 'one', text: '1' },
    { name: 'no-such-folder/two', text: '2' },
  ]
  const notWritable = expect.objectContaining({ code: 'file_not_writable' })
  expect(() => writeNewFiles(folder, files)).toThrow(notWritable)
  expect(readdirSync(folder)).toEqual([])
})

test('askAnswers: an empty answer takes what is proposed, and two quotes are no prefix', async () => {
  const proposal = { ...proposeWithoutTenant(now, 'people'), idPrefix: 'old|' }
  const answering = (answers: string[]) => ({ ask: async () => answers.shift() ?? '' })
  expect(await askAnswers(answering(['', '']), {}, proposal)).toEqual({
    ...{ connection: 'people', idPrefix: 'old|', since: '2026-11-21' },
  })
  expect(await askAnswers(answering(["''", '2026-12-01']), {}, proposal)).toEqual({
    ...{ connection: 'people', idPrefix: '', since: '2026-12-01' },
  })
})

test('proposeByUsers: looks at users of the connection alone', () => {
  const user = (connection: string, user_id: string) => ({
    identities: [{ connection, provider: 'auth0', user_id }],
  })
  const users = [user('other', 'a|1'), user('other', 'a|2'), user('people', '7')]
  expect(proposeByUsers(users, 'people', now).idPrefix).toBe('')
  expect(proposeByUsers(users, 'nobody', now).idPrefix).toBeNull()
})

test('filesOf: writes a config that says what was answered, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (idPrefix) => {
      const answers = { connection: 'people', idPrefix, since: '2026-11-21' }
      let text = ''
      try {
        text = filesOf(answers)[0]?.text ?? ''
      } catch (error) {
        expect(error).toMatchObject({ code: 'command_line_invalid' })
        return
      }
      const source = /idPrefix: ('.*'),$/m.exec(text)?.[1] ?? 'undefined'
      expect(new Function(`return ${source}`)()).toBe(idPrefix)
    }),
  )
})
