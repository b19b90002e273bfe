import { setTimeout } from 'node:timers/promises'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import { startTenant } from '../../../servers/tenant/server.ts'

/** A process of its own, to be killed: a tenant whose applications grow, until it is. */
const running = await startTenant({
  runtime: createInProcessRuntime(),
  stateFile: process.argv[2] ?? '',
})
console.log('started')
const { clients } = running.tenant.state
const [first] = clients.values()
if (first === undefined) throw new TypeError('a tenant without its deploy client')
for (;;) {
  const client_id = `grown-${clients.size}`
  clients.set(client_id, { ...first, client_id, description: 'x'.repeat(5_000) })
  await setTimeout(1)
}
