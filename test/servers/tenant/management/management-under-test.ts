import type { Hono } from 'hono'
import { createActivity } from '../../../../servers/tenant/activity.ts'
import { managementApi } from '../../../../servers/tenant/management/app.ts'
import { managementScopes } from '../../../../servers/tenant/management/management-scopes.ts'
import { newDeployClient, newTenantState } from '../../../../servers/tenant/new-tenant.ts'
import { createSigningKeys } from '../../../../servers/tenant/signing-keys.ts'
import type { Json, Tenant } from '../../../../servers/tenant/state.ts'

export interface Answer {
  readonly status: number
  /** Null for an answer without a body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests name what they expect of it, member by member
  readonly body: any
}

export interface ManagementUnderTest {
  readonly tenant: Tenant
  readonly api: Hono
  /** Moved by tests; milliseconds. */
  readonly clock: { now: number }
  /** Calls as a machine that has `scopes`: all, where a test does not say. */
  call(method: string, path: string, body?: Json, scopes?: readonly string[]): Promise<Answer>
  /** As `call`, for tests that look at more than status and body. */
  callRaw(method: string, path: string): Promise<Response>
  /** The request as it is, with a header of the test's own. */
  callWith(authorization: string | undefined, method: string, path: string): Promise<Answer>
}

/** Milliseconds that a build takes. */
export const buildTime = 1_000

/** The Management API of a new tenant, without a server around it. */
export async function createManagementUnderTest(): Promise<ManagementUnderTest> {
  const keys = await createSigningKeys()
  const clock = { now: Date.UTC(2026, 10, 21) }
  const issuer = 'https://127.0.0.1:1/'
  const deployClient = newDeployClient()
  const tenant: Tenant = {
    state: newTenantState(issuer, deployClient),
    issuer,
    domain: '127.0.0.1:1',
    name: 'under-test',
    now: () => clock.now,
    jwks: keys.jwks,
    activity: createActivity(),
  }
  const api = managementApi(tenant, { buildTime })
  const tokenFor = (scopes: readonly string[]) =>
    keys.sign(
      {
        iss: issuer,
        sub: `${deployClient.client_id}@clients`,
        aud: `${issuer}api/v2/`,
        azp: deployClient.client_id,
        gty: 'client-credentials',
        scope: scopes.join(' '),
      },
      { now: clock.now, lifetime: 60 },
    )
  return {
    tenant,
    api,
    clock,
    async call(method, path, body, scopes = managementScopes) {
      const authorization = `Bearer ${await tokenFor(scopes)}`
      if (body === undefined) {
        return answerOf(await api.request(path, { method, headers: { authorization } }))
      }
      const text = JSON.stringify(body)
      const headers = {
        authorization,
        'content-length': `${Buffer.byteLength(text)}`,
        'content-type': 'application/json',
      }
      return answerOf(await api.request(path, { method, headers, body: text }))
    },
    async callRaw(method, path) {
      const authorization = `Bearer ${await tokenFor(managementScopes)}`
      return api.request(path, { method, headers: { authorization } })
    },
    async callWith(authorization, method, path) {
      const headers = authorization === undefined ? {} : { authorization }
      return answerOf(await api.request(path, { method, headers }))
    },
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}
