import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import type { Auth0Tenant } from '../../../cli/auth0-tenant.ts'
import { connectManaged } from '../../../cli/demo/management-client.ts'
import type { Desired } from '../../../cli/publish/desired.ts'
import { foreignDifferences, readForeign } from '../../../cli/publish/foreign.ts'
import { addOldRules } from '../../../servers/tenant/rules.ts'
import { type RunningTenant, startTenant } from '../../../servers/tenant/server.ts'

let running: RunningTenant
let tenant: Auth0Tenant

beforeAll(async () => {
  running = await startTenant({ runtime: createInProcessRuntime(), passwordHashRounds: 4 })
  tenant = connectManaged(running)
})

afterAll(() => running.close())

const nothing: Desired = {
  ...{ actions: [], bindings: {}, clients: [], resourceServers: [], clientGrants: [] },
  ...{ databases: [], ignoredTypes: [] },
}

test('readForeign: sees every Rule, however many there are, and which of them has changed', async () => {
  const { state } = running.tenant
  const rules = (last: string) =>
    Array.from({ length: 230 }, (_, number) => {
      return { name: `rule-${number}`, script: number === 229 ? last : 'function () {}' }
    })
  addOldRules(state, { rules: rules('function () { return 1 }') })
  const before = await readForeign(tenant, nothing)
  expect([...before.keys()].filter((name) => name.startsWith('Rule '))).toHaveLength(230)

  const there = state.others.get('rules') ?? new Map()
  const [id, last] = [...there].at(-1) ?? []
  there.set(String(id), { ...last, enabled: false })
  const after = await readForeign(tenant, nothing)
  expect(foreignDifferences(before, after)).toEqual([`Rule ${id} differs: enabled`])
})

test('readForeign: takes no failure for a tenant without Rules', async () => {
  running.faults.add({ method: 'GET', route: '/api/v2/rules', status: 500 })
  await expect(readForeign(tenant, nothing)).rejects.toMatchObject({ code: 'request_failed' })
  running.faults.clear()
  running.endRules()
  const names = [...(await readForeign(tenant, nothing)).keys()]
  expect(names.some((name) => name.startsWith('Rule '))).toBe(false)
}, 20_000)
