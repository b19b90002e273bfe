import { createInProcessRuntime } from '../../actions-testing/in-process-runtime.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'

const connections = 250
const actions = 100

/** What a tenant was asked for. */
export interface BigTenant {
  readonly running: RunningTenant
  /** Method and route of every request so far. */
  readonly requests: readonly string[]
}

/** A stand-in tenant that others use: 250 connections and, of the 100 Actions it may have, 96. */
export async function startBigTenant(): Promise<BigTenant> {
  const requests: string[] = []
  const running = await startTenant({
    runtime: createInProcessRuntime(),
    buildTime: 0,
    onRequest: ({ method, route }) => requests.push(`${method} ${route}`),
  })
  const { state } = running.tenant
  for (let number = 0; number < connections - 1; number += 1) {
    const [id, name] = [`con_other${number}`, `enterprise-${number}`]
    state.connections.set(id, { id, name, strategy: 'oidc', options: {}, enabled_clients: [] })
  }
  const at = '2026-11-21T08:00:00.000Z'
  for (let number = 0; number < actions - 4; number += 1) {
    const [id, name] = [`other-${number}`, `other-${number}`]
    state.actions.set(id, {
      ...{ id, name, code: 'exports.onExecutePostLogin = async () => {}', runtime: 'node22' },
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      ...{ dependencies: [], secrets: [], errors: [], deployed: null, status: 'built' },
      ...{ created_at: at, updated_at: at },
    })
  }
  return { running, requests }
}
