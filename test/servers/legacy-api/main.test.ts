import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK } from 'jose'
import { expect, test } from 'vitest'
import { audience, keys, machineClaims, sign } from './api.ts'

function start(env: Readonly<Record<string, string>>, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, ['servers/legacy-api/main.ts', ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const child = start(env, args)
  if (!child.stdout || !child.stderr) throw new Error('no pipes')
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    child.exitCode ?? once(child, 'exit'),
  ])
  return { code: child.exitCode, stdout, stderr }
}

const settings = {
  TENANT_ISSUER: 'https://tenant.example/',
  LEGACY_API_AUDIENCE: audience,
  PORT: '0',
}

test('main: --help names every setting; an unknown option is misuse', async () => {
  const { code, stdout } = await run({}, ['--help'])
  expect(code).toBe(0)
  for (const name of [...Object.keys(settings), 'DATABASE_URL', 'LEGACY_DATA_DIR']) {
    expect(stdout).toContain(`\n  ${name} `)
  }
  expect(await run({}, ['--port=1'])).toMatchObject({ code: 2, stderr: stdout })
})

test.each([
  ...Object.keys(settings).flatMap((name) => [
    [`no ${name}`, { [name]: '' }, `setting_missing: ${name} is not set`],
  ]),
  [
    'a port that is none',
    { PORT: '65536' },
    'setting_invalid: PORT must be a number from 0 to 65535',
  ],
  [
    'an issuer without its slash',
    { TENANT_ISSUER: 'https://tenant.example' },
    'setting_invalid: TENANT_ISSUER must be an https URL with a slash at its end',
  ],
  [
    'an issuer in the clear that is not on loopback',
    { TENANT_ISSUER: 'http://tenant.example/' },
    'setting_invalid: TENANT_ISSUER must be an https URL',
  ],
  [
    'another kind of database',
    { DATABASE_URL: 'mysql://user:hunter2@x/y' },
    'setting_invalid: DATABASE_URL must begin with postgres://',
  ],
] as [string, Record<string, string>, string][])(
  'main: %s is exit 2 and names itself',
  async (_what, env, message) => {
    const { code, stdout, stderr } = await run({ ...settings, ...env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.startsWith(message), stderr).toBe(true)
    expect(stderr).not.toContain('hunter2')
  },
)

test('main: a database that is away is exit 1, without its URL', async () => {
  const url = 'postgres://user:hunter2@127.0.0.1:1/x'
  const { code, stderr } = await run({ ...settings, DATABASE_URL: url })
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'failed: ECONNREFUSED\n' })
})

test("main: checks tokens by the tenant's JWKS, logs, and ends cleanly on SIGTERM", async () => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one' }
  const tenant = createServer((incoming, outgoing) => {
    if (incoming.url !== '/.well-known/jwks.json') outgoing.statusCode = 404
    outgoing.end(JSON.stringify({ keys: [jwk] }))
  }).listen(0, '127.0.0.1')
  await once(tenant, 'listening')
  const issuer = `http://127.0.0.1:${(tenant.address() as AddressInfo).port}/`
  const child = start({ ...settings, TENANT_ISSUER: issuer })
  let stdout = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  await expect.poll(() => stdout, { timeout: 20_000 }).toMatch(/^legacy API on http:\S+\n/)
  const url = /http:\S+/.exec(stdout)?.[0]
  const seconds = Math.floor(Date.now() / 1000)
  const token = await sign({ ...machineClaims, iss: issuer, iat: seconds, exp: seconds + 60 })
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/v1/migration`, { headers })
  expect(await response.json()).toMatchObject({ total: 0 })

  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  const [, line = ''] = stdout.split('\n')
  expect(JSON.parse(line)).toMatchObject({ method: 'GET', route: '/v1/migration', status: 200 })
  tenant.close()
})
