import { expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../../actions-testing/in-process-runtime.ts'
import { startTenant } from '../../../../servers/tenant/server.ts'
import { hashPassword } from '../../../../servers/tenant/users/passwords.ts'

test('passwordHashRounds: is the cost of bcrypt, and Auth0’s ten where nothing is said', async () => {
  for (const [options, prefix] of [
    [{ passwordHashRounds: 4 }, '$2b$04$'],
    [{}, '$2b$10$'],
  ] as const) {
    const { close, tenant } = await startTenant({ runtime: createInProcessRuntime(), ...options })
    expect((await hashPassword(tenant, 'password')).slice(0, 7)).toBe(prefix)
    await close()
  }
})
