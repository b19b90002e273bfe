import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { facts } from '../../cli/demo/facts.ts'

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function demo(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/demo.ts', ...args], { stdio: 'pipe' })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}

test('demo: every fact holds, in the order in which it is told', { timeout: 240_000 }, async () => {
  const { status, stdout, stderr } = await demo('--json')
  const shown = JSON.parse(stdout) as {
    facts: { name: string; holds: boolean; evidence: string }[]
  }
  expect(shown.facts.filter(({ holds }) => !holds)).toEqual([])
  expect(shown.facts.map(({ name }) => name)).toEqual(facts.map(({ name }) => name))
  expect(status).toBe(0)
  // Made-up addresses, but a habit: nothing printed names a person.
  expect(stdout + stderr).not.toMatch(/@legacy\.example|@example\.com/)
})

test('demo: says how it is used, and ends with 2 on what it does not know', async () => {
  const help = await demo('--help')
  expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: npm run demo') })
  const misused = await demo('--jsn')
  expect(misused.status).toBe(2)
  expect(misused.stderr).toContain('--jsn')
  expect(misused.stdout).toBe('')
})
