import type { Context } from 'hono'
import { type Account, accountPage, loggedOutPage, noAccountPage } from '../pages/account.ts'
import type { Services } from '../services.ts'
import type { Tenant, User } from '../state.ts'
import type { Session } from './login-state.ts'
import { currentSession, endSession } from './sessions.ts'

/** GET /u/account: whose session this browser has. Auth0 has no such page; applications build theirs. */
export function showAccount(c: Context, { tenant }: Services): Response | Promise<Response> {
  const session = currentSession(c, tenant)
  const user = tenant.state.users.get(session?.userId ?? '')
  if (session === null || user === undefined || user.profile.blocked === true) {
    return noAccountPage(c)
  }
  return accountPage(c, accountOf(tenant, session, user))
}

/** POST /u/account/logout: ends the session. Other sites cannot post it: the cookie is `SameSite=Lax`. */
export function logOutOfAccount(c: Context, { tenant }: Services): Response | Promise<Response> {
  endSession(c, tenant)
  return loggedOutPage(c)
}

function accountOf({ state }: Tenant, session: Session, { profile }: User): Account {
  const { email, email_verified, name, username, user_id } = profile
  const address = email === undefined ? '' : `${email} (${email_verified ? '' : 'not '}verified)`
  const details: Account['details'] = [
    ['Email', address],
    ['Username', typeof username === 'string' ? username : ''],
    ['User ID', user_id],
    ['Account created', dayOf(Date.parse(profile.created_at))],
    ['Logged in since', minuteOf(session.authenticatedAt)],
  ]
  return {
    name: typeof name === 'string' ? name : (email ?? user_id),
    details: details.filter(([, value]) => value !== ''),
    applications: session.clients.map((id) => state.clients.get(id)?.name ?? id),
  }
}

function dayOf(milliseconds: number): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(milliseconds)
}

function minuteOf(milliseconds: number): string {
  const options = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat('en', options).format(milliseconds)} UTC`
}
