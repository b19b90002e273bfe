import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, fetch } from 'undici'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../../servers/tenant/main.ts', import.meta.url))

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = { text: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed.text += text
    })
  }
  return { child, printed, ended: ended(child) }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve))
}

test('main: says where things are, keeps the secret to itself, and tidies up', async () => {
  const { child, printed, ended } = start()
  await expect.poll(() => printed.text, { timeout: 20_000 }).toContain('a0deploy import')
  const file = /^credentials +(\S+)$/m.exec(printed.text)?.[1] ?? ''
  const caFile = /^NODE_EXTRA_CA_CERTS +(\S+)$/m.exec(printed.text)?.[1] ?? ''
  expect(printed.text).toMatch(/^AUTH0_DOMAIN +127\.0\.0\.1:\d+$/m)
  expect(readFileSync(caFile, 'utf8')).toContain('BEGIN CERTIFICATE')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const secret = /^AUTH0_CLIENT_SECRET=(\w{64})$/m.exec(readFileSync(file, 'utf8'))?.[1]
  expect(secret).toBeDefined()
  expect(printed.text).not.toContain(secret)
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  expect([file, caFile].map(existsSync)).toEqual([false, false])
})

test('main: goes on from its state, and says no more of a damaged one than where it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'main-test-'))
  const state = join(folder, 'tenant.json')
  const domains: string[] = []
  for (let run = 1; run <= 2; run += 1) {
    const { child, printed, ended } = start('--state', state, '--plan', 'free')
    await expect.poll(() => printed.text, { timeout: 20_000 }).toContain('a0deploy import')
    domains.push(/^AUTH0_DOMAIN +(\S+)$/m.exec(printed.text)?.[1] ?? '')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  }
  expect(domains[0]).toMatch(/^127\.0\.0\.1:\d+$/)
  expect(domains[1]).toBe(domains[0])
  const text = readFileSync(state, 'utf8')
  writeFileSync(state, text.slice(0, -9))
  const damaged = start('--state', state)
  expect(await damaged.ended).toBe(1)
  expect(damaged.printed.text).toContain(
    `failed: StateFileError: The state file ${state} is damaged`,
  )
  expect(damaged.printed.text).not.toContain(JSON.parse(text).deployClient.client_secret)
  rmSync(folder, { recursive: true })
})

test('main: --help explains, and of what it does not know it says what is wrong, with status 2', async () => {
  const help = start('--help')
  expect(await help.ended).toBe(0)
  expect(help.printed.text).toContain('Exit status')
  const wrong = [
    ['--port takes a number', '--port', 'x'],
    ['--port takes a number', '--port', '65536'],
    ["Unknown option '--surplus'", '--surplus'],
    ['--plan takes one of free, ', '--plan', 'x'],
    ['--state takes the name of a file', '--state', ''],
    ['--faults takes the name of a file', '--faults', ''],
    ['--mail takes the name of a folder', '--mail', ''],
  ] as const
  await Promise.all(
    wrong.map(async ([message, ...args]) => {
      const { ended, printed } = start(...args)
      expect(await ended).toBe(2)
      expect(printed.text).toContain(message)
      expect(printed.text).toContain('Usage')
    }),
  )
})

test('main: a file of faults strikes as often as it says, and one that is none is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'main-test-'))
  const file = join(folder, 'faults.json')
  const fault = { method: 'GET', route: '/.well-known/openid-configuration', status: 503, times: 1 }
  writeFileSync(file, JSON.stringify([fault]))
  const { child, printed, ended } = start('--faults', file)
  await expect.poll(() => printed.text, { timeout: 20_000 }).toContain('a0deploy import')
  const domain = /^AUTH0_DOMAIN +(\S+)$/m.exec(printed.text)?.[1] ?? ''
  const ca = readFileSync(/^NODE_EXTRA_CA_CERTS +(\S+)$/m.exec(printed.text)?.[1] ?? '', 'utf8')
  const dispatcher = new Agent({ connect: { ca } })
  const url = `https://${domain}/.well-known/openid-configuration`
  const statuses = [await fetch(url, { dispatcher }), await fetch(url, { dispatcher })]
  expect(statuses.map(({ status }) => status)).toEqual([503, 200])
  await dispatcher.destroy()
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const wrong: readonly (readonly [string, string])[] = [
    ['it is not JSON', '[{'],
    ['holds no list of faults', '{}'],
    ['fault 1: no fault has a "stauts"', JSON.stringify([{ ...fault, stauts: 500 }])],
    ['fault 2: its "status" cannot be that', JSON.stringify([fault, { ...fault, status: 418 }])],
    ['fault 1: its "route" is missing', JSON.stringify([{ method: 'GET', status: 500 }])],
    ['The tenant has no route GET /nowhere', JSON.stringify([{ ...fault, route: '/nowhere' }])],
  ]
  for (const [message, text] of wrong) {
    writeFileSync(file, text)
    const refused = start('--faults', file)
    expect(await refused.ended).toBe(1)
    expect(refused.printed.text).toContain(message)
  }
  rmSync(folder, { recursive: true })
}, 60_000)
