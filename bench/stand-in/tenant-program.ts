/**
 * The program of a child process: a stand-in tenant, with the Actions of the flow in warm workers and
 * users who are done. Takes `TenantSetup` and answers with a `LoginAddress`.
 */

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Client } from 'undici'
import { createWorkerRuntime } from '../../actions-testing/worker-runtime.ts'
import { type RunningTenant, startTenant } from '../../servers/tenant/server.ts'
import { doneLoginEvent } from '../done-login.ts'
import { audience, type LoginAddress, type LoginRequest, scope, userCount } from './login-server.ts'
import { type CallManagement, openManagement, publish } from './publish.ts'

export interface TenantSetup {
  /** Paths of the bundles, in flow order. */
  readonly actions: readonly string[]
}

const connection = 'legacy-users'
const password = 'Tr0ubador & 3 more'

const running = await startTenant({
  runtime: (ca) => createWorkerRuntime({ warm: true, extraCaCertificates: [ca] }),
  buildTime: 1,
  // The least that bcrypt takes: the rival compares passwords as they are.
  passwordHashRounds: 4,
})
process.on('disconnect', async () => {
  await running.close()
  process.exit()
})
process.on('message', async (setup: TenantSetup) => process.send?.(await setUp(running, setup)))
process.send?.('started')

async function setUp(
  { caCertificate, deployClient, issuer }: RunningTenant,
  { actions }: TenantSetup,
): Promise<LoginAddress> {
  const { origin } = new URL(issuer)
  const http = new Client(origin, { connect: { ca: caCertificate } })
  const call = await openManagement(http, issuer, deployClient)
  const { client_id, client_secret } = await publish(call, actions.map(published), {
    audience,
    connection,
  })
  const common = {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    realm: connection,
    client_id,
    client_secret,
    audience,
    scope,
    password,
  }
  const requests: LoginRequest[] = []
  while (requests.length < userCount) {
    requests.push({ ...common, username: await addUser(call, requests.length) })
  }
  await http.close()
  return { origin, certificate: caCertificate, requests }
}

function published(file: string) {
  const name = basename(file, '.cjs')
  return { name, code: readFileSync(file, 'utf8'), secrets: doneLoginEvent(name, 0).secrets }
}

/** @returns The address of a user for whom the Actions have nothing left to do. */
async function addUser(call: CallManagement, seed: number): Promise<string> {
  const { user_id, app_metadata, user_metadata } = doneLoginEvent('', seed).user
  const email = `user-${seed}@example.com`
  await call('POST', 'users', {
    connection,
    email,
    password,
    email_verified: true,
    // Auth0 puts the provider before it.
    user_id: user_id.replace(/^auth0\|/, ''),
    app_metadata,
    user_metadata,
  })
  return email
}
