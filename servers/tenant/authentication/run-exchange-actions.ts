import type { Context } from 'hono'
import type { CredentialsExchangeOutcome } from '../../../actions-testing/credentials-exchange-run.ts'
import type { Services } from '../services.ts'
import type { Client, ResourceServer } from '../state.ts'
import { boundActions } from './bound-actions.ts'
import { eventRequest } from './event-request.ts'
import { OAuthError } from './oauth-error.ts'
import type { Parameters } from './parameters.ts'
import { clientOf } from './post-login-event.ts'

/** A machine's token on its way to the trigger. */
export interface Exchange {
  readonly client: Client
  readonly api: ResourceServer
  readonly requestedScopes: readonly string[]
  /** What it gets unless an Action says otherwise. */
  readonly scopes: readonly string[]
  readonly parameters: Parameters
}

/**
 * Runs the deployed Actions that are bound to `credentials-exchange`.
 *
 * @returns Null when there are none.
 * @throws {OAuthError} With the code and the reason of the Action that denied; `server_error` when
 *   one failed.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/credentials-exchange
 */
export async function runExchangeActions(
  c: Context,
  { runtime, tenant }: Services,
  { api, client, parameters, requestedScopes, scopes }: Exchange,
): Promise<CredentialsExchangeOutcome | null> {
  const actions = boundActions(tenant, 'credentials-exchange')
  if (actions.length === 0) return null
  const { client_id, metadata, name } = clientOf(client)
  const event = {
    accessToken: { customClaims: {}, scope: scopes },
    client: { client_id, metadata, name },
    request: eventRequest(c, tenant, { body: parameters, client }),
    resource_server: { identifier: api.identifier },
    tenant: { id: tenant.name },
    transaction: { requested_scopes: requestedScopes },
  }
  const outcome = await runtime.runCredentialsExchange({ actions, event })
  const { denied } = outcome
  if (denied === null) return outcome
  throw new OAuthError(denied.code, denied.reason ?? 'The request was denied.')
}
