import type { RulesRun } from '../../../actions-testing/rules-run.ts'
import type { Tenant, User } from '../state.ts'
import { type LoginAttempt, postLoginEvent } from './post-login-event.ts'

/**
 * A login under the names of Rules. The user has no metadata object where there is no metadata, and
 * the API that a token is for is not told.
 *
 * @see https://auth0.com/docs/customize/rules/context-object
 * @see https://auth0.com/docs/customize/rules/user-object-in-rules
 */
export function ruleLogin(
  tenant: Tenant,
  attempt: LoginAttempt,
  user: User,
): Pick<RulesRun, 'context' | 'user'> {
  const event = postLoginEvent(tenant, attempt, user)
  const { app_metadata, user_metadata, ...profile } = event.user
  const { client, connection, organization, request, transaction } = event
  return {
    user: {
      ...profile,
      ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
      ...(Object.keys(user_metadata).length > 0 && { user_metadata }),
    },
    context: {
      tenant: event.tenant.id,
      clientID: client.client_id,
      clientName: client.name,
      clientMetadata: client.metadata,
      connection: connection.name,
      connectionID: connection.id,
      connectionStrategy: connection.strategy,
      connectionOptions: {},
      connectionMetadata: connection.metadata ?? {},
      protocol: transaction?.protocol,
      stats: { loginsCount: event.stats.logins_count },
      authentication: event.authentication,
      authorization: event.authorization,
      primaryUser: user.profile.user_id,
      ...(attempt.session !== null && { sessionID: attempt.session.id }),
      ...(organization !== undefined && { organization }),
      request: {
        userAgent: request.user_agent,
        ip: request.ip,
        hostname: request.hostname,
        query: request.query,
        body: request.body,
        geoip: {},
      },
    },
  }
}
