import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepMailIn } from '../../../servers/tenant/mail-folder.ts'
import { startedTenant } from './started-tenant.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mail-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('mail folder: a reset leaves one file, for its owner alone, with the link that is good', async () => {
  const mails = join(folder, 'made', 'for it')
  const tenant = await startedTenant({ passwordHashRounds: 4, onMail: keepMailIn(mails) })
  const client = (await tenant.call('POST', '/clients', { name: 'web', app_type: 'spa' })).body
  await tenant.call('POST', '/connections', {
    ...{ name: 'users', strategy: 'auth0', enabled_clients: [client.client_id] },
  })
  const email = 'ada@legacy.example'
  await tenant.call('POST', '/users', { connection: 'users', email, password: 'a Pass-word 1' })
  const ask = { client_id: client.client_id, connection: 'users' }
  await tenant.ask('POST', '/dbconnections/change_password', { ...ask, email: 'b@legacy.example' })
  expect(readdirSync(mails)).toEqual([])
  await tenant.ask('POST', '/dbconnections/change_password', { ...ask, email })
  const [name = '', ...more] = readdirSync(mails)
  expect(more).toEqual([])
  expect(statSync(join(mails, name)).mode & 0o777).toBe(0o600)
  expect(statSync(mails).mode & 0o777).toBe(0o700)
  const { outbox } = tenant.running.tenant.activity
  expect(readFileSync(join(mails, name), 'utf8')).toBe(
    `To: ${email}\nSubject: Reset your password\n\n${outbox[0]?.url}\n`,
  )
  await tenant.close()
})

test('mail folder: of two mails in one moment both are kept', () => {
  const keep = keepMailIn(folder, () => 0)
  for (const to of ['a@legacy.example', 'b@legacy.example']) {
    keep({ to, kind: 'change_password', url: 'https://tenant.example/' })
  }
  expect(readdirSync(folder)).toEqual([
    '1970-01-01T00-00-00.000Z-1.txt',
    '1970-01-01T00-00-00.000Z-2.txt',
  ])
})
