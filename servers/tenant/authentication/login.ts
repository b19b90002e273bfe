import type { Context } from 'hono'
import { loginPage } from '../pages/login.ts'
import type { Services } from '../services.ts'
import type { Client, Connection, Tenant } from '../state.ts'
import { checkPassword } from '../users/check-password.ts'
import { recordLogin } from '../users/record-login.ts'
import { log } from '../users/tenant-log.ts'
import { databaseNamed, databasesOf } from './connections.ts'
import { finishAuthorization } from './finish-authorization.ts'
import type { Authenticated, LoginTransaction } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { bodyParameters } from './parameters.ts'
import { newSession, startSession } from './sessions.ts'
import { closeTransaction, findTransaction } from './transactions.ts'

/** GET /u/login: the page. */
export function showLogin(c: Context, { tenant }: Services): Response | Promise<Response> {
  const { client, transaction } = openPage(c, tenant, c.req.query('state'))
  return loginPage(c, {
    clientName: client.name,
    transaction,
    username: transaction.request.loginHint ?? '',
    error: null,
  })
}

/** POST /u/login: the page's form. */
export async function submitLogin(c: Context, services: Services): Promise<Response> {
  const { tenant } = services
  const form = await bodyParameters(c)
  const { client, connection, transaction } = openPage(c, tenant, form.state)
  const { username = '', password = '' } = form
  const again = (status: 400 | 503, error: string) =>
    loginPage(c, { clientName: client.name, transaction, username, error }, status)
  if (username === '' || password === '') {
    return again(400, 'Enter your email address or username, and your password.')
  }
  const check = await checkPassword(services, connection, username, password)
  const place = { client_id: client.client_id, connection_id: connection.id }
  if (check.type === 'wrong') {
    const { userId } = check
    const known = userId !== null && { user_id: userId }
    log(tenant, { type: known ? 'fp' : 'fu', ...place, ...known })
    return again(400, 'Wrong email or password.')
  }
  if (check.type === 'failed') {
    log(tenant, { type: 'f', ...place })
    return again(503, 'We could not check your password. Try again in a few minutes.')
  }
  if (!closeTransaction(tenant, transaction)) throw pageIsOver()
  const who = recordLogin(tenant, connection, check.user)
  return enter(c, services, { client, connection, transaction, who })
}

interface Entry {
  readonly client: Client
  readonly connection: Connection
  readonly transaction: LoginTransaction
  readonly who: Authenticated
}

/** The session begins only once the Actions have let the login pass. Whether Auth0's does is not documented. */
async function enter(
  c: Context,
  services: Services,
  { client, connection, transaction, who }: Entry,
): Promise<Response> {
  const session = newSession(services.tenant, who, client.client_id)
  const { id: transactionId, request } = transaction
  const login = { client, connection, request, session, transactionId }
  const { granted, location } = await finishAuthorization(c, services, login)
  if (granted) startSession(c, services.tenant, session)
  return c.redirect(location)
}

interface OpenPage {
  readonly client: Client
  readonly connection: Connection
  readonly transaction: LoginTransaction
}

/** @throws {OAuthError} When there is no such login, or nothing to log in with. */
function openPage(c: Context, tenant: Tenant, state: string | undefined): OpenPage {
  const transaction = findTransaction(c, tenant, state)
  const client = tenant.state.clients.get(transaction?.request.clientId ?? '')
  if (transaction === null || client === undefined) throw pageIsOver()
  const { connection: name } = transaction.request
  const connection =
    name === null ? databasesOf(tenant, client)[0] : databaseNamed(tenant, client, name)
  if (connection) return { client, connection, transaction }
  throw new OAuthError('invalid_request', 'No connections are enabled for the client.')
}

function pageIsOver(): OAuthError {
  const description = 'This login page is over. Go back to the application and log in again.'
  return new OAuthError('invalid_request', description)
}
