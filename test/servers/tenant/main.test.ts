import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
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

test('main: --help explains, and what it does not know is status 2', async () => {
  const help = start('--help')
  expect(await help.ended).toBe(0)
  expect(help.printed.text).toContain('Exit status')
  for (const args of [['--port', 'x'], ['--port', '65536'], ['--surplus'], ['import']]) {
    const wrong = start(...args)
    expect(await wrong.ended).toBe(2)
    expect(wrong.printed.text).toContain('Usage')
  }
})
