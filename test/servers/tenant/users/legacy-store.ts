import * as oidc from 'openid-client'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { application, begin } from '../authentication/application.ts'
import type { Visit } from '../authentication/browser.ts'
import {
  addApi,
  addClient,
  addDatabase,
  addGrant,
  callback,
} from '../authentication/tenant-resources.ts'
import { startTenantUnderTest, type TenantUnderTest } from '../authentication/tenant-under-test.ts'

export const bob = { username: 'Bob@Example.com', password: 'legacy password' }
export const bobId = 'auth0|legacy|bob'

/** One user, Bob; what else is asked for decides how the scripts answer. */
const scripts = {
  login: `function login(name, password, context, callback = context) {
    const id = name.toLowerCase()
    if (id === 'down@example.com') return callback(new Error('the store is down'))
    if (id === 'silent@example.com') throw new Error('never called back')
    if (id === 'gone@example.com') return callback(null, null)
    if (id === 'odd@example.com') return callback(null, { user_id: 'odd', email: 'no address' })
    if (!['bob@example.com', 'bob', '+4912345'].includes(id) || password !== 'legacy password') {
      return callback(new WrongUsernameOrPasswordError(name))
    }
    callback(null, ${profile()})
  }`,
  get_user: `function getUser(email, context, callback = context) {
    if (email === 'down@example.com') return callback(new Error('the store is down'))
    if (email === 'bob@example.com') return callback(null, ${profile()})
    callback(null)
  }`,
}

function profile(): string {
  return JSON.stringify({
    user_id: 'legacy|bob',
    email: 'bob@example.com',
    email_verified: true,
    username: 'bob',
    given_name: 'Bob',
    favourite_colour: 'green',
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'de' },
    mfa_factors: [{ totp: { secret: 'ABC' } }],
  })
}

const scope = [
  'create:user_tickets',
  'read:attack_protection',
  'update:attack_protection',
  ...['users', 'organizations', 'organization_connections', 'organization_members'].flatMap((one) =>
    ['create', 'read', 'update', 'delete'].map((verb) => `${verb}:${one}`),
  ),
]

export interface LegacyTenant extends TenantUnderTest {
  readonly web: oidc.Configuration
  /** Logs in on the page. */
  logIn(username: string, password: string): Promise<Visit>
  /** POST to /dbconnections/…. */
  post(path: 'change_password' | 'signup', body: JsonObject): Promise<Response>
  /** The Management API, with every scope for users and organizations. */
  manage(method: string, path: string, body?: unknown): Promise<Response>
}

/** A tenant whose one database imports users by {@link scripts}. */
export async function startLegacyTenant(options: JsonObject = {}): Promise<LegacyTenant> {
  const under = await startTenantUnderTest()
  const { fetch, tenant } = under
  addClient(tenant, { client_id: 'web' })
  addClient(tenant, { client_id: 'manager', grant_types: ['client_credentials'] })
  addDatabase(tenant, 'legacy', scripts, options)
  const audience = `${tenant.issuer}api/v2/`
  addApi(tenant, audience, { scopes: scope.map((value) => ({ value })), token_lifetime: 864_000 })
  addGrant(tenant, 'manager', audience, scope)
  const web = await application(under, 'web')
  const manager = await application(under, 'manager')
  const { access_token } = await oidc.clientCredentialsGrant(manager, { audience })
  return {
    ...under,
    web,
    async logIn(username, password) {
      const { browser, visit } = await begin(under, web, { redirect_uri: callback })
      return browser.submit(visit, { username, password })
    },
    post(path, body) {
      return fetch(`${tenant.issuer}dbconnections/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_id: 'web', connection: 'legacy', ...body }),
      })
    },
    manage(method, path, body) {
      return fetch(`${audience}${path}`, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    },
  }
}

/** Whether a visit ended at the application with a code. */
export function entered({ left }: Visit): boolean {
  return left?.searchParams.has('code') ?? false
}
