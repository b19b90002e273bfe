import { Agent, fetch } from 'undici'
import { createInProcessRuntime } from '../../../actions-testing/in-process-runtime.ts'
import {
  type RunningTenant,
  startTenant,
  type TenantOptions,
} from '../../../servers/tenant/server.ts'

interface Reply {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  // biome-ignore lint/suspicious/noExplicitAny: tests name what they expect of it, member by member
  readonly body: any
}

export interface StartedTenant {
  readonly running: RunningTenant
  /** A request as the deploy client, or with another's token: `call('GET', '/clients')`. */
  call(method: string, path: string, body?: object, token?: string): Promise<Reply>
  /** A request to the Authentication API: JSON when there is a body. */
  ask(method: string, path: string, body?: object): Promise<Reply>
  close(): Promise<void>
}

/** A tenant that runs bundles in process, and what talks to it over TLS. */
export async function startedTenant(
  options: Partial<TenantOptions> = {},
  token?: string,
): Promise<StartedTenant> {
  const running = await startTenant({ runtime: createInProcessRuntime(), ...options })
  const dispatcher = new Agent({ connect: { ca: running.caCertificate } })
  async function send(method: string, url: string, body?: object, headers = {}): Promise<Reply> {
    const response = await fetch(url, {
      method,
      dispatcher,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : isJson(response.headers) ? JSON.parse(text) : text,
    }
  }
  const ask = (method: string, path: string, body?: object) =>
    send(method, running.issuer + path.slice(1), body)
  const own = token ?? (await managementToken(running, ask))
  return {
    running,
    ask,
    call: (method, path, body, other = own) =>
      send(method, `${running.issuer}api/v2${path}`, body, { authorization: `Bearer ${other}` }),
    async close() {
      await dispatcher.close()
      await running.close()
    },
  }
}

function isJson(headers: Reply['headers']): boolean {
  return headers.get('content-type')?.includes('json') ?? false
}

export async function managementToken(
  { deployClient, issuer }: RunningTenant,
  ask: StartedTenant['ask'],
): Promise<string> {
  const grant = { grant_type: 'client_credentials', audience: `${issuer}api/v2/` }
  const { body } = await ask('POST', '/oauth/token', { ...grant, ...deployClient })
  return body.access_token
}
