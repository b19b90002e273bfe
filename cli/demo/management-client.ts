import { Agent, fetch } from 'undici'

/** The Management API, as an operator's script calls it. */
export interface ManagementClient {
  get<Body>(path: string): Promise<Body>
  post<Body>(path: string, body: unknown): Promise<Body>
  patch<Body>(path: string, body: unknown): Promise<Body>
  delete(path: string): Promise<void>
  /** @throws {Error} when no application, or more than one, has the name. */
  clientNamed(name: string): Promise<Application>
}

interface Application {
  readonly client_id: string
  readonly client_secret: string
  readonly name: string
}

/** The tenant to ask, and the application that asks. */
export interface ManagedTenant {
  readonly issuer: string
  readonly caCertificate: string
  readonly deployClient: { readonly client_id: string; readonly client_secret: string }
}

export function createManagementClient(tenant: ManagedTenant): ManagementClient {
  const dispatcher = new Agent({ connect: { ca: tenant.caCertificate } })
  let token: Promise<string> | undefined

  async function call<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    token ??= requestToken(tenant, dispatcher)
    const response = await fetch(`${tenant.issuer}api/v2/${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path.split('/')[0]}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Body
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    async clientNamed(name) {
      const all = await call<readonly Application[]>('GET', 'clients?per_page=100')
      const [client, twin] = all.filter((candidate) => candidate.name === name)
      if (client === undefined || twin !== undefined) {
        throw new Error(`There is not exactly one application called ${name}.`)
      }
      return client
    },
  }
}

async function requestToken(tenant: ManagedTenant, dispatcher: Agent): Promise<string> {
  const response = await fetch(`${tenant.issuer}oauth/token`, {
    method: 'POST',
    dispatcher,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      audience: `${tenant.issuer}api/v2/`,
      ...tenant.deployClient,
    }),
  })
  const body = (await response.json()) as { access_token?: string }
  if (body.access_token === undefined) {
    throw new Error(`No token for the Management API: status ${response.status}.`)
  }
  return body.access_token
}
