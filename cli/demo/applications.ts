import * as oidc from 'openid-client'
import { Agent, fetch as undiciFetch } from 'undici'
import type { ManagedTenant, ManagementClient } from './management-client.ts'
import type { Fetch } from './user-agent.ts'

/** What the demo adds to the published tenant, as an engineer would in the Dashboard. */
export interface SampleApplications {
  /** Trusts the tenant's certificate. */
  readonly fetch: Fetch
  /** The published Sample Application: PKCE, refresh tokens. */
  readonly sample: oidc.Configuration
  /** A first-party application with the password grants: not published, such an application is a risk. */
  readonly trusted: oidc.Configuration
  /** The machine-to-machine application of the Actions. */
  readonly machine: oidc.Configuration
  /** Identifier of an API of the sample company. */
  readonly ordersApi: string
}

export const callback = 'http://localhost:3000/callback'
export const ordersApi = 'https://orders.example/'
export const connection = 'legacy-users'

export async function createApplications(
  tenant: ManagedTenant,
  management: ManagementClient,
  keywords: Readonly<Record<string, string>>,
): Promise<SampleApplications> {
  await management.post('resource-servers', {
    name: 'Orders API',
    identifier: ordersApi,
    allow_offline_access: true,
    scopes: [{ value: 'read:orders', description: 'Read orders' }],
  })
  const trusted = await createTrusted(management, connection)
  // The password grant names no connection: the tenant has to say which one is meant.
  await management.patch('tenants/settings', { default_directory: connection })
  const fetch = fetchTrusting(tenant.caCertificate)
  const client = (id: string, secret?: string) => configure(tenant.issuer, fetch, id, secret)
  const sample = await management.clientNamed('Sample Application')
  // Or no silent login would come as far as the Actions: its callback is this machine's.
  await management.patch(`clients/${sample.client_id}`, {
    skip_non_verifiable_callback_uri_confirmation_prompt: true,
  })
  return {
    fetch,
    ordersApi,
    sample: await client(sample.client_id),
    trusted: await client(trusted.client_id, trusted.client_secret),
    machine: await client(
      keywords.LEGACY_ACTIONS_CLIENT_ID ?? '',
      keywords.LEGACY_ACTIONS_CLIENT_SECRET,
    ),
  }
}

export const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

/** A first-party application that takes passwords itself, for users of one connection. */
export async function createTrusted(
  management: ManagementClient,
  connection: string,
): Promise<{ readonly client_id: string; readonly client_secret: string }> {
  const trusted = await management.post<{ client_id: string; client_secret: string }>('clients', {
    name: 'Trusted Application',
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['password', passwordRealm, 'refresh_token'],
    // An OIDC client expects it; of an application that the API makes HS256 is the default.
    jwt_configuration: { alg: 'RS256' },
    callbacks: [],
  })
  const connections = await management.get<readonly { id: string; name: string }[]>('connections')
  const id = connections.find(({ name }) => name === connection)?.id
  const client = { client_id: trusted.client_id, status: true }
  await management.patch(`connections/${id}/clients`, [client])
  return trusted
}

export function configure(
  issuer: string,
  fetch: Fetch,
  clientId: string,
  secret?: string,
): Promise<oidc.Configuration> {
  const authentication = secret === undefined ? oidc.None() : oidc.ClientSecretPost(secret)
  return oidc.discovery(new URL(issuer), clientId, undefined, authentication, {
    [oidc.customFetch]: (url, init) => fetch(url, init as RequestInit),
  })
}

export function fetchTrusting(caCertificate: string): Fetch {
  const dispatcher = new Agent({ connect: { ca: caCertificate } })
  // undici's types and those of Node's own fetch, which is undici, differ in name only.
  return (url, init) =>
    undiciFetch(url, { ...init, dispatcher } as Parameters<
      typeof undiciFetch
    >[1]) as Promise<unknown> as Promise<Response>
}
