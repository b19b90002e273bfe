import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { fromTenantFacts } from '../../cli/demo/from-tenant/facts.ts'

async function demo(...args: readonly string[]) {
  const child = spawn(process.execPath, ['cli/demo.ts', ...args], { stdio: 'pipe' })
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve)
  })
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    ended,
  ])
  return { status, stdout, stderr }
}

test('demo --from-tenant: users move from one tenant to another, until the old one is closed', {
  timeout: 240_000,
}, async () => {
  const { status, stdout, stderr } = await demo('--from-tenant', '--json')
  const shown = JSON.parse(stdout) as {
    facts: { name: string; holds: boolean; evidence: string }[]
  }
  expect(shown.facts.filter(({ holds }) => !holds)).toEqual([])
  expect(shown.facts.map(({ name }) => name)).toEqual(fromTenantFacts.map(({ name }) => name))
  expect(status).toBe(0)
  // Made-up addresses, but a habit: nothing printed names a person.
  expect(stdout + stderr).not.toMatch(/@legacy\.example|@new\.example/)
})

test('demo --from-tenant: has no browser to serve, and says so', async () => {
  const { status, stdout, stderr } = await demo('--from-tenant', '--serve')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain('--serve goes without --from-tenant')
})
