import { succeeded } from '../auth0-tenant.ts'
import type { Base } from './context.ts'

export interface Application {
  readonly client_id: string
  readonly client_secret: string
}

export interface Applications {
  /** An application with its secret in the body, for passwords and refresh tokens. */
  application(body?: object): Promise<Application>
  /** One whose refresh tokens are for one use, with no leeway, open to the people of a database. */
  rotatingApplication(database: { readonly id: string }): Promise<Application>
  /** The one that probes have in common. */
  commonApplication(): Promise<Application>
  /** An API with the scopes `read:things` and `write:things`. @returns Its identifier. */
  api(body?: object): Promise<string>
  /** Lets people of a database log in to an application. */
  open(database: { readonly id: string }, application: Application): Promise<void>
  /** Lets the application have tokens of its own for an API. */
  grant(application: Application, audience: string, scope: readonly string[]): Promise<void>
}

export const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm'

export const callback = 'https://migration-probe.example/callback'

/** Nothing listens there: no browser of ours goes where it is led. */
export const loopback = 'http://127.0.0.1:9/callback'

const usualApplication = {
  app_type: 'regular_web',
  is_first_party: true,
  oidc_conformant: true,
  token_endpoint_auth_method: 'client_secret_post',
  grant_types: ['authorization_code', 'client_credentials', 'refresh_token', passwordRealm],
  callbacks: [callback, loopback],
  // Whatever the tenant says of it.
  skip_non_verifiable_callback_uri_confirmation_prompt: false,
}

const rotation = {
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  leeway: 0, // seconds, as the lifetimes
  token_lifetime: 86_400,
  idle_token_lifetime: 3_600,
}

const usualApi = {
  allow_offline_access: true,
  signing_alg: 'RS256',
  scopes: [
    { value: 'read:things', description: 'Read things' },
    { value: 'write:things', description: 'Write things' },
  ],
}

export function createApplications({
  identifier,
  maker,
  name,
  settle,
  tenant,
}: Base): Applications {
  let common: Promise<Application> | undefined

  function create(make: Base['maker']['make'], body: object): Promise<Application> {
    const client = { kind: 'client', name: name() } as const
    const whole = { ...usualApplication, ...body, name: client.name }
    return make<Application>(client, () => tenant.manage('POST', 'clients', whole))
  }

  async function open({ id }: { readonly id: string }, { client_id }: Application): Promise<void> {
    const path = `connections/${id}/clients`
    const switched = await tenant.manage('PATCH', path, [{ client_id, status: true }])
    succeeded(switched, 'PATCH connections/clients')
    await settle()
  }

  return {
    open,
    application: (body = {}) => create(maker.make, body),
    async rotatingApplication(database) {
      const rotating = await create(maker.make, { refresh_token: rotation })
      await open(database, rotating)
      return rotating
    },
    commonApplication() {
      common ??= create(maker.makeForRun, {})
      return common
    },
    async api(body = {}) {
      const server = { kind: 'resource-server', name: identifier() } as const
      const whole = { ...usualApi, ...body, name: name(), identifier: server.name }
      await maker.make(server, () => tenant.manage('POST', 'resource-servers', whole))
      return server.name
    },
    async grant({ client_id }, audience, scope) {
      // Goes with its application.
      const grant = { client_id, audience, scope }
      succeeded(await tenant.manage('POST', 'client-grants', grant), 'POST client-grants')
    },
  }
}
