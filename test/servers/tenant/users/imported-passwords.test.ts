import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../../actions-testing/in-process-runtime.ts'
import { importRow } from '../../../../servers/tenant/jobs/import-row.ts'
import type { Connection, JsonObject } from '../../../../servers/tenant/state.ts'
import { checkPassword } from '../../../../servers/tenant/users/check-password.ts'
import { type StartedTenant, startedTenant } from '../started-tenant.ts'

let started: StartedTenant
let connection: Connection

beforeEach(async () => {
  started = await startedTenant({ passwordHashRounds: 4 })
  const { body } = await started.call('POST', '/connections', { name: 'users', strategy: 'auth0' })
  connection = started.running.tenant.state.connections.get(body.id) as Connection
})

afterEach(() => started.close())

function importOne(custom_password_hash: JsonObject | null) {
  const email = 'one@legacy.example'
  const row = { email, user_id: '1', ...(custom_password_hash && { custom_password_hash }) }
  expect(importRow(started.running.tenant, connection, [row], 0, false)).toBe('inserted')
}

function logIn(password: string) {
  const services = { tenant: started.running.tenant, runtime: createInProcessRuntime() }
  const credentials = { username: 'one@legacy.example', password, organization: null }
  return checkPassword(services, connection, credentials)
}

const stored = () => started.running.tenant.state.users.get('auth0|1')?.passwordHash

test('imported password: the first login leaves a bcrypt hash behind, by which the next is checked', async () => {
  const value = createHash('sha256').update('right').digest('hex')
  importOne({ algorithm: 'sha256', hash: { value, encoding: 'hex' } })
  expect((await logIn('wrong')).type).toBe('wrong')
  expect(stored()).toContain('sha256')
  expect((await logIn('right')).type).toBe('right')
  expect(stored()).toMatch(/^\$2b\$04\$/)
  expect((await logIn('right')).type).toBe('right')
  expect((await logIn('wrong')).type).toBe('wrong')
})

test('imported password: of an algorithm that is not here none fits, and the log is that of a known user', async () => {
  importOne({ algorithm: 'argon2', hash: { value: '$argon2id$v=19$…', encoding: 'utf8' } })
  expect(await logIn('right')).toMatchObject({ type: 'wrong', userId: 'auth0|1' })
})

test('imported password: without a hash none fits, not even an empty one', async () => {
  importOne(null)
  expect(await logIn('')).toMatchObject({ type: 'wrong', userId: 'auth0|1' })
})
