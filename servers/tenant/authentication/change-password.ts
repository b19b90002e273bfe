import type { Context } from 'hono'
import { changePasswordPage, passwordChangedPage } from '../pages/change-password.ts'
import type { Services } from '../services.ts'
import type { Connection, Tenant } from '../state.ts'
import { unblock } from '../users/brute-force-protection.ts'
import { revokeAccess } from '../users/delete-user.ts'
import { hashPassword, passwordHint, passwordWeakness } from '../users/passwords.ts'
import { addPendingImport } from '../users/pending-imports.ts'
import { setPassword } from '../users/set-password.ts'
import { log } from '../users/tenant-log.ts'
import { tellOfPasswordChange } from '../users/user-triggers.ts'
import type { PasswordTicket } from './login-state.ts'
import { occasionOf } from './occasion.ts'
import { bodyParameters } from './parameters.ts'
import { dropPasswordTicket, findPasswordTicket } from './password-tickets.ts'

/** GET /u/reset-password: the page that the mail leads to. */
export function showPasswordChange(c: Context, { tenant }: Services) {
  const ticket = c.req.query('ticket') ?? ''
  const { connection } = findPasswordTicket(tenant, ticket)
  const hint = passwordHint(connection.options)
  return changePasswordPage(c, { ticket, error: null, passwordHint: hint })
}

/** POST /u/reset-password: sets the password; the ticket is good for once. */
export async function submitPasswordChange(c: Context, services: Services): Promise<Response> {
  const { tenant } = services
  const form = await bodyParameters(c)
  const { ticket = '', password = '', password_confirmation: repeated = '' } = form
  const { connection } = findPasswordTicket(tenant, ticket)
  const problem = passwordWeakness(connection.options, password) ?? mismatch(password, repeated)
  if (problem !== null) {
    const hint = passwordHint(connection.options)
    return changePasswordPage(c, { ticket, error: problem, passwordHint: hint }, 400)
  }
  const passwordHash = await hashPassword(tenant, password)
  const { target } = findPasswordTicket(tenant, ticket)
  dropPasswordTicket(tenant, ticket)
  const userId = applyPassword(tenant, connection, target, passwordHash)
  const user = tenant.state.users.get(userId ?? '')
  if (user) tellOfPasswordChange(services, connection, user, occasionOf(c, tenant, form))
  log(tenant, { type: 'scp', connection_id: connection.id })
  return passwordChangedPage(c)
}

/** @returns Whose it is now; null for one who is still to be migrated, and so no user yet. */
function applyPassword(
  tenant: Tenant,
  connection: Connection,
  target: PasswordTicket['target'],
  passwordHash: string,
): string | null {
  if (target.type === 'user') {
    setPassword(tenant, target.userId, target.identity, passwordHash)
    revokeAccess(tenant, target.userId)
    return target.userId
  }
  const userId = `auth0|${String(target.profile.user_id)}`
  if (tenant.state.users.has(userId)) {
    // Migrated by a login since the mail was sent.
    setPassword(tenant, userId, userId, passwordHash)
    revokeAccess(tenant, userId)
    return userId
  }
  // The mail was answered: the address is the user's. Migrated at the next login, not before.
  const profile = { ...target.profile, email_verified: true }
  addPendingImport(tenant.activity, connection, { profile, passwordHash })
  for (const name of [target.profile.email, target.profile.username]) {
    if (typeof name === 'string') unblock(tenant, name, connection)
  }
  return null
}

function mismatch(password: string, repeated: string): string | null {
  return password === repeated ? null : 'The two passwords are not the same.'
}
