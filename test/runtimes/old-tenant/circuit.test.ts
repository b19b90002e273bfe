import { expect, test } from 'vitest'
import { isOpen } from '../../../runtimes/circuit-breaker.ts'
import type { InstanceMemory, SharedMemory } from '../../../runtimes/legacy-api-client.ts'
import { findUser } from '../../../runtimes/old-tenant-scripts.ts'

const shared: SharedMemory = {
  token: () => undefined,
  keepToken() {},
  openUntil: () => Number.NaN,
  tellOpenUntil() {},
}
const settings = {
  ...{
    apiUrl: '',
    audience: '',
    tokenUrl: '',
    clientId: '',
    credential: '',
    client: { id: '', credential: '' },
  },
}

test.each([
  ['a username', 'hopper', {}],
  ['an address while the Management API is gone', 'a@example.com', { openUntil: 130_000 }],
])(
  'old tenant, get_user: %s uses up no try that is meant for a login',
  async (_, identifier, own) => {
    const now = 100_000
    const memory: InstanceMemory & { management: InstanceMemory } = {
      ...{ givenUp: 3, openUntil: now - 1, management: own },
    }
    // The minute is over, and this call is let through; it asks nobody.
    expect(isOpen(memory, shared, now)).toBe(false)
    const api = { settings, memory, shared, now: () => now, serverError: 502 }
    expect(await findUser(identifier, 1_000, api)).toMatchObject({ type: 'outage' })
    // The next one is let through in its place, and only that one.
    expect(isOpen(memory, shared, now + 1)).toBe(false)
    expect(isOpen(memory, shared, now + 2)).toBe(true)
  },
)
