import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runActions } from '../../bench/run-in-child.ts'

const folder = mkdtempSync(join(tmpdir(), 'migration-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function action(name: string, body: string) {
  const file = join(folder, `${name}.cjs`)
  writeFileSync(file, `exports.onExecutePostLogin = async (event, api) => {\n${body}\n}`)
  return { name, files: [file] }
}

// Without these a flow that calls somebody would be counted as one that calls nobody.
test.each([
  ['fetch', 'network', `await fetch('https://example.com/').catch(() => {})`],
  [
    'a socket',
    'network',
    `await new Promise((done) => {
       require('node:net').connect(1, '127.0.0.1').once('error', done).once('connect', done)
     })`,
  ],
  [
    'node:http',
    'network',
    `await new Promise((done) => require('node:http').get('http://127.0.0.1:1/').once('error', done))`,
  ],
  ['app_metadata', 'metadataWrites', `api.user.setAppMetadata('plan', 'team')`],
  ['user_metadata', 'metadataWrites', `api.user.setUserMetadata('locale', 'de')`],
  ['cache.get', 'cache', `api.cache.get('token')`],
  ['cache.set', 'cache', `api.cache.set('token', 'x', { ttl: 1000 })`],
  ['cache.delete', 'cache', `api.cache.delete('token')`],
  ['an ID token claim', 'claims', `api.idToken.setCustomClaim('https://example.com/a', 1)`],
  ['an access token claim', 'claims', `api.accessToken.setCustomClaim('https://example.com/a', 1)`],
  ['a denial', 'denials', `api.access.deny('no')`],
  ['a log line', 'logLines', `console.log('{}')`],
] as const)('run-actions: counts %s once a login, and nothing else', async (name, kind, body) => {
  const { logins, counts } = await runActions('count', action(name.replaceAll(/\W/g, '-'), body))
  expect(logins).toBeGreaterThan(0)
  const others = { network: 0, metadataWrites: 0, cache: 0, claims: 0, denials: 0, logLines: 0 }
  expect(counts).toEqual({ ...others, [kind]: logins })
})

test('run-actions: hands each Action its own secrets, and users who are done', async () => {
  const body = `
    const { plan, legacy_migration } = event.user.app_metadata
    const done = plan && legacy_migration.backfill === 'arrived' && legacy_migration.mark === 'marked'
    if (!done || !event.user.user_metadata.locale) api.access.deny('not done')
    if (Object.keys(event.secrets).join() !== 'CLAIM_NAMESPACE') api.access.deny('other secrets')`
  const { counts } = await runActions('count', action('copy-metadata', body))
  expect(counts.denials).toBe(0)
})

test('run-actions: refuses to count garbage while it is collected', async () => {
  const target = action('wasteful', 'event.kept = Array.from({ length: 100 }, () => ({}))')
  await expect(runActions('garbage', target, ['--max-semi-space-size=1'])).rejects.toThrow(
    'garbage was collected in the window',
  )
})

test('run-actions: an Action that makes an array of a thousand numbers leaves 8,000 bytes more', async () => {
  const young = ['--expose-gc', '--min-semi-space-size=512', '--max-semi-space-size=512']
  const bytes = async (name: string, body: string) =>
    (await runActions('garbage', action(name, body), young)).value
  const wasted = await bytes('array', 'event.kept = new Array(1000).fill(0.5)')
  expect(wasted - (await bytes('empty', ''))).toBeGreaterThan(8_000)
  expect(wasted - (await bytes('empty', ''))).toBeLessThan(17_000)
})
