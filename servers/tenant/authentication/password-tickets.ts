import type { Connection, Tenant } from '../state.ts'
import type { PasswordTicket } from './login-state.ts'
import { OAuthError } from './oauth-error.ts'
import { digest, newSecret } from './secrets.ts'

/** Milliseconds: five days. https://auth0.com/docs/customize/email/email-templates */
const ticketLifetime = 432_000_000

/** @returns The address of the page where the ticket sets a password, once. */
export function createPasswordTicket(
  { activity, issuer, now }: Tenant,
  connection: Connection,
  target: PasswordTicket['target'],
  lifetime = ticketLifetime,
): string {
  const secret = newSecret()
  activity.passwordTickets.set(digest(secret), {
    connectionId: connection.id,
    target,
    expiresAt: now() + lifetime,
  })
  return `${issuer}u/reset-password?ticket=${secret}`
}

/** @throws {OAuthError} `access_denied` for a ticket that is unknown, used or over. */
export function findPasswordTicket(
  { activity, now, state }: Tenant,
  secret: string,
): { readonly target: PasswordTicket['target']; readonly connection: Connection } {
  const ticket = activity.passwordTickets.get(digest(secret))
  const connection = state.connections.get(ticket?.connectionId ?? '')
  if (ticket === undefined || connection === undefined || now() >= ticket.expiresAt) {
    const description = 'This link is over or was used before. Ask for a new one.'
    throw new OAuthError('access_denied', description)
  }
  return { target: ticket.target, connection }
}

export function dropPasswordTicket({ activity }: Tenant, secret: string): void {
  activity.passwordTickets.delete(digest(secret))
}
