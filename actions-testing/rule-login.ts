import { deepMerge, type Overrides } from './deep-merge.ts'
import { createPostLoginEvent, type EventOptions } from './event.ts'
import type { RulesRun } from './rules-run.ts'
import type { Event } from './types/post-login/v3.ts'

type RuleLogin = Pick<RulesRun, 'context' | 'user'>

/**
 * The user and the context of one login, as Rules were handed them: that of `createPostLoginEvent`
 * with the same seed, under the names of Rules. The user has no metadata, and so neither of the two
 * objects.
 *
 * @param overrides Laid over them, member by member; `undefined` takes a member out.
 * @see https://auth0.com/docs/customize/rules/context-object
 * @see https://auth0.com/docs/customize/rules/user-object-in-rules
 */
export function createRuleLogin(
  overrides: Overrides<RuleLogin> = {},
  options: EventOptions = {},
): RuleLogin {
  const event = createPostLoginEvent({}, options)
  const { app_metadata, user_metadata, ...user } = event.user
  return deepMerge<RuleLogin>({ user, context: ruleContext(event) }, overrides)
}

/**
 * The `context` of a login, from its event: the same facts under the names of Rules. The API that a
 * token is for is not among them.
 *
 * @see https://auth0.com/docs/customize/rules/context-object
 */
export function ruleContext(event: Omit<Event, 'secrets'>): Record<string, unknown> {
  const { client, connection, request } = event
  return {
    tenant: event.tenant.id,
    clientID: client.client_id,
    clientName: client.name,
    clientMetadata: client.metadata,
    connection: connection.name,
    connectionID: connection.id,
    connectionMetadata: connection.metadata,
    connectionOptions: {},
    connectionStrategy: connection.strategy,
    protocol: event.transaction?.protocol,
    stats: { loginsCount: event.stats.logins_count },
    sso: { with_auth0: false, with_dbconn: false, current_clients: [client.client_id] },
    accessToken: {},
    idToken: {},
    sessionID: event.session?.id,
    authentication: { methods: event.authentication?.methods.map(ruleMethod) },
    authorization: { roles: event.authorization?.roles },
    primaryUser: event.user.user_id,
    request: {
      userAgent: request.user_agent,
      ip: request.ip,
      hostname: request.hostname,
      query: request.query,
      body: request.body,
      geoip: ruleGeoIp(request.geoip),
    },
  }
}

/** Rules were told the time as a number, Actions as ISO 8601. */
function ruleMethod({ name, timestamp }: { name: string; timestamp: string }): object {
  return { name, timestamp: Date.parse(timestamp) }
}

/** `countryCode` is `country_code` in Rules. */
function ruleGeoIp(geoip: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(geoip).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  )
}
