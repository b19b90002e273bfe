import { type Auth0Tenant, connectTenant, type Method, succeeded } from '../auth0-tenant.ts'
import { fetchTrusting } from './applications.ts'

/** The Management API, as an operator's script calls it. An answer that is no success is an error. */
export interface ManagementClient {
  get<Body>(path: string): Promise<Body>
  /** @returns null where the tenant has none. */
  find<Body>(path: string): Promise<Body | null>
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

/** As the application that deploys. */
export function connectManaged({
  caCertificate,
  deployClient,
  issuer,
}: ManagedTenant): Auth0Tenant {
  return connectTenant({
    domain: new URL(issuer).host,
    clientId: deployClient.client_id,
    clientSecret: deployClient.client_secret,
    fetch: fetchTrusting(caCertificate),
  })
}

export function createManagementClient(tenant: ManagedTenant): ManagementClient {
  const { manage } = connectManaged(tenant)

  async function call<Body>(method: Method, path: string, body?: unknown): Promise<Body> {
    return succeeded(await manage(method, path, body), what(method, path))
  }

  return {
    get: (path) => call('GET', path),
    async find(path) {
      const answer = await manage('GET', path)
      return answer.status === 404 ? null : succeeded(answer, what('GET', path))
    },
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

/** Without what may name somebody. */
function what(method: Method, path: string): string {
  return `${method} ${path.split(/[/?]/, 1)[0]}`
}
