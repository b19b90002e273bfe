import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

test('main: --help explains, and what it does not know is status 2', async () => {
  const help = start('--help')
  expect(await help.ended).toBe(0)
  expect(help.printed.text).toContain('Exit status')
  for (const args of [
    ['--port', 'x'],
    ['--port', '65536'],
    ['--surplus'],
    ['--plan', 'x'],
    ['--state', ''],
  ]) {
    const wrong = start(...args)
    expect(await wrong.ended).toBe(2)
    expect(wrong.printed.text).toContain('Usage')
  }
})
