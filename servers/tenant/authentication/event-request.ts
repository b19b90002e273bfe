import type { Context } from 'hono'
import type { Event } from '../../../actions-testing/types/post-login/v3.ts'
import type { Client, Tenant } from '../state.ts'
import { clientAddress } from './client-address.ts'
import type { Parameters } from './parameters.ts'

/**
 * Kept from Actions. The list is Auth0's, but for `password`: whether Auth0 shows it is not
 * documented (assumption `password-hidden-from-actions`), and an Action must not come to need it.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations
 */
const hidden = new Set([
  'auth_session',
  'authn_response',
  'client_assertion',
  'client_secret',
  'password',
  'refresh_token',
])

export interface Asked {
  /** Of the authorization request, also when the login page was in between. */
  readonly query?: Parameters
  /** Of a token request, or of a page that posts back to `/continue`. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Of a token request. */
  readonly client?: Client
}

/** `event.request` of the request that reaches the trigger. */
export function eventRequest(c: Context, tenant: Tenant, asked: Asked): Event['request'] {
  const userAgent = c.req.header('user-agent')
  const language = c.req.header('accept-language')?.split(/[,;]/)[0]
  return {
    ip: clientAddress(c, asked.client),
    method: c.req.method,
    hostname: new URL(tenant.issuer).hostname,
    geoip: {},
    query: visible(asked.query),
    body: visible(asked.body),
    ...(userAgent !== undefined && { user_agent: userAgent }),
    ...(language !== undefined && { language }),
  }
}

function visible<Value>(parameters: Readonly<Record<string, Value>> = {}) {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !hidden.has(name)))
}
