import type { Context } from 'hono'
import { changePasswordPage, passwordChangedPage } from '../pages/change-password.ts'
import type { Services } from '../services.ts'
import type { Connection, Tenant } from '../state.ts'
import { checkAddress } from '../users/check-address.ts'
import { revokeAccess } from '../users/delete-user.ts'
import { findByEmail } from '../users/find-user.ts'
import { hashPassword, passwordWeakness } from '../users/passwords.ts'
import { addPendingImport } from '../users/pending-imports.ts'
import { setPassword } from '../users/set-password.ts'
import { log } from '../users/tenant-log.ts'
import type { PasswordTicket } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { bodyParameters, parseObject } from './parameters.ts'
import { digest, newSecret } from './secrets.ts'
import { database, emailOf } from './signup.ts'

/** Milliseconds: five days. https://auth0.com/docs/customize/email/email-templates */
const ticketLifetime = 432_000_000

/**
 * POST /dbconnections/change_password. The answer is the same whether or not the address is known;
 * only a get_user that fails shows.
 *
 * @see https://auth0.com/docs/api/authentication/change-password
 */
export async function requestPasswordChange(c: Context, services: Services): Promise<Response> {
  const { tenant } = services
  const body = parseObject(await c.req.text())
  const { client, connection } = database(tenant, body)
  const email = emailOf(body)
  const place = { client_id: client.client_id, connection_id: connection.id }
  const check = await checkAddress(services, connection, 'email', email)
  if (check.type === 'failed') {
    log(tenant, { type: 'fcpr', ...place })
    return c.json({ error: check.message }, 400)
  }
  if (check.type === 'awaits-import') {
    sendTicket(tenant, connection, email, { type: 'import', profile: check.profile })
  }
  const found = findByEmail(tenant, connection, email)
  if (found !== null) {
    const { user_id: userId } = found.user.profile
    sendTicket(tenant, connection, email, { type: 'user', userId, identity: found.identity })
  }
  log(tenant, { type: 'scpr', ...place })
  return c.text("We've just sent you an email to reset your password.")
}

function sendTicket(
  { activity, issuer, now }: Tenant,
  connection: Connection,
  to: string,
  target: PasswordTicket['target'],
): void {
  const secret = newSecret()
  activity.passwordTickets.set(digest(secret), {
    connectionId: connection.id,
    target,
    expiresAt: now() + ticketLifetime,
  })
  const url = `${issuer}u/reset-password?ticket=${secret}`
  activity.outbox.push({ to, kind: 'change_password', url })
}

/** GET /u/reset-password: the page that the mail leads to. */
export function showPasswordChange(c: Context, { tenant }: Services) {
  const ticket = c.req.query('ticket') ?? ''
  findTicket(tenant, ticket)
  return changePasswordPage(c, { ticket, error: null })
}

/** POST /u/reset-password: sets the password; the ticket is good for once. */
export async function submitPasswordChange(c: Context, services: Services): Promise<Response> {
  const { tenant } = services
  const form = await bodyParameters(c)
  const { ticket = '', password = '', password_confirmation: repeated = '' } = form
  const { connection } = findTicket(tenant, ticket)
  const problem = passwordWeakness(connection.options, password) ?? mismatch(password, repeated)
  if (problem !== null) return changePasswordPage(c, { ticket, error: problem }, 400)
  const passwordHash = await hashPassword(tenant, password)
  const { target } = findTicket(tenant, ticket)
  tenant.activity.passwordTickets.delete(digest(ticket))
  applyPassword(tenant, connection, target, passwordHash)
  log(tenant, { type: 'scp', connection_id: connection.id })
  return passwordChangedPage(c)
}

function applyPassword(
  tenant: Tenant,
  connection: Connection,
  target: PasswordTicket['target'],
  passwordHash: string,
): void {
  if (target.type === 'user') {
    setPassword(tenant, target.userId, target.identity, passwordHash)
    revokeAccess(tenant, target.userId)
    return
  }
  const userId = `auth0|${String(target.profile.user_id)}`
  if (tenant.state.users.has(userId)) {
    // Migrated by a login since the mail was sent.
    setPassword(tenant, userId, userId, passwordHash)
    revokeAccess(tenant, userId)
    return
  }
  // The mail was answered: the address is the user's. Migrated at the next login, not before.
  const profile = { ...target.profile, email_verified: true }
  addPendingImport(tenant.activity, connection, { profile, passwordHash })
}

function mismatch(password: string, repeated: string): string | null {
  return password === repeated ? null : 'The two passwords are not the same.'
}

/** @throws {OAuthError} `access_denied` for a ticket that is unknown, used or over. */
function findTicket({ activity, now, state }: Tenant, secret: string) {
  const ticket = activity.passwordTickets.get(digest(secret))
  const connection = state.connections.get(ticket?.connectionId ?? '')
  if (ticket === undefined || connection === undefined || now() >= ticket.expiresAt) {
    const description = 'This link is over or was used before. Ask for a new one.'
    throw new OAuthError('access_denied', description)
  }
  return { target: ticket.target, connection }
}
