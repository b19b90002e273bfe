import { setTimeout } from 'node:timers/promises'
import type { Client } from 'undici'

/** An Action to be deployed. */
export interface PublishedAction {
  readonly name: string
  readonly code: string
  readonly secrets: Readonly<Record<string, string>>
}

/** A call of the Management API: `call('POST', 'clients', body)`. */
export type CallManagement = (method: Method, path: string, body: object) => Promise<Answer>

type Method = 'PATCH' | 'POST'
type Answer = Readonly<Record<string, unknown>> & { readonly id: string }

/**
 * Publishes what the logins need through the Management API, as deploy-cli does: an API, an application
 * with the password grant, a database connection, and the Actions, bound in their order.
 *
 * @returns The application.
 */
export async function publish(
  call: CallManagement,
  actions: readonly PublishedAction[],
  { audience, connection }: { readonly audience: string; readonly connection: string },
): Promise<Pick<Credentials, 'client_id' | 'client_secret'>> {
  const api = { name: 'Sample API', identifier: audience, allow_offline_access: true }
  await call('POST', 'resource-servers', api)
  const client = (await call('POST', 'clients', {
    name: 'Trusted Application',
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['http://auth0.com/oauth/grant-type/password-realm', 'refresh_token'],
    callbacks: [],
  })) as Answer & Credentials
  const enabled_clients = [client.client_id]
  await call('POST', 'connections', { name: connection, strategy: 'auth0', enabled_clients })
  for (const action of actions) await deployAction(call, action)
  const bindings = actions.map(({ name }) => ({
    ref: { type: 'action_name', value: name },
    display_name: name,
  }))
  await call('PATCH', 'actions/triggers/post-login/bindings', { bindings })
  return client
}

interface Credentials {
  readonly client_id: string
  readonly client_secret: string
}

async function deployAction(call: CallManagement, action: PublishedAction): Promise<void> {
  const { name, code } = action
  const { id } = await call('POST', 'actions/actions', {
    name,
    code,
    runtime: 'node22',
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
    secrets: Object.entries(action.secrets).map(([secret, value]) => ({ name: secret, value })),
  })
  // The tenant was started with builds that take a millisecond.
  await setTimeout(5)
  await call('POST', `actions/actions/${id}/deploy`, {})
}

/**
 * The Management API of a tenant, for one of its machine-to-machine applications.
 *
 * @param http A connection to the tenant.
 */
export async function openManagement(
  http: Client,
  issuer: string,
  application: Credentials,
): Promise<CallManagement> {
  const grant = { grant_type: 'client_credentials', audience: `${issuer}api/v2/` }
  const token = await send(http, 'POST', '/oauth/token', { ...grant, ...application }, {})
  const authorization = `Bearer ${token.access_token}`
  return (method, path, body) => send(http, method, `/api/v2/${path}`, body, { authorization })
}

async function send(
  http: Client,
  method: Method,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await http.request({
    method,
    path,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.body.text()
  if (response.statusCode < 300) return JSON.parse(text) as Answer
  // The answer names members, never values.
  throw new Error(`${method} ${path}: status ${response.statusCode}, ${text}`)
}
