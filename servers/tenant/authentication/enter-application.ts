import type { Context } from 'hono'
import { leavePage } from '../pages/leave.ts'
import type { Services } from '../services.ts'
import type { Client, Connection } from '../state.ts'
import { respond } from './authorization-response.ts'
import { finishAuthorization } from './finish-authorization.ts'
import type { Authenticated, LoginTransaction } from './login-state.ts'
import { pageIsOver } from './open-page.ts'
import { newSession } from './sessions.ts'
import { closeTransaction } from './transactions.ts'

export interface Entry {
  readonly client: Client
  readonly connection: Connection
  readonly transaction: LoginTransaction
  readonly who: Authenticated
}

/**
 * From a page of ours to the application, once somebody has proved who they are. The session begins
 * only once the Actions have let the login pass. Whether Auth0's does is not documented
 * (assumption `denied-login-leaves-no-session`).
 *
 * @throws {OAuthError} When another tab was quicker: a login ends once.
 */
export async function enterApplication(
  c: Context,
  services: Services,
  { client, connection, transaction, who }: Entry,
): Promise<Response> {
  if (!closeTransaction(services.tenant, transaction)) throw pageIsOver()
  const end = await finishAuthorization(c, services, {
    client,
    connection,
    request: transaction.request,
    session: newSession(services.tenant, who, client.client_id),
    startsSession: true,
    transactionId: transaction.id,
  })
  // The policy of the page that was posted lets browsers follow a redirect to the application only.
  return end.type === 'suspended'
    ? leavePage(c, end.location)
    : respond(c, services.tenant, end.response)
}
