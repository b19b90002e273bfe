import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Tenant } from '../state.ts'
import type { Authenticated, Session } from './login-state.ts'
import { digest, newSecret } from './secrets.ts'
import { numberSetting } from './tenant-settings.ts'

const cookieName = 'auth0'

/** `__Host-`: of this host only, never over plain HTTP, and not to be set from elsewhere. */
const cookieOptions = {
  prefix: 'host',
  path: '/',
  secure: true,
  httpOnly: true,
  sameSite: 'Lax',
} as const

const hour = 3_600_000 // milliseconds

/** A session that is not kept yet: Actions see it, and a login that they deny leaves none. */
export function newSession(tenant: Tenant, who: Authenticated, clientId: string): Session {
  const now = tenant.now()
  return {
    ...who,
    id: newSecret(),
    createdAt: now,
    lastInteractedAt: now,
    // https://auth0.com/docs/manage-users/sessions/session-lifetime-limits
    expiresAt: now + numberSetting(tenant, 'session_lifetime', 168) * hour,
    idleExpiresAt: now + numberSetting(tenant, 'idle_session_lifetime', 72) * hour,
    clients: [clientId],
  }
}

/** Keeps a new session and gives the browser a cookie that nobody had before the login. */
export function startSession(c: Context, tenant: Tenant, session: Session): void {
  endSession(c, tenant)
  const secret = newSecret()
  tenant.activity.sessions.set(digest(secret), session)
  setCookie(c, cookieName, secret, cookieOptions)
}

/** @returns The browser's session; null when it has none, or one that is over. */
export function currentSession(c: Context, { activity, now }: Tenant): Session | null {
  const secret = getCookie(c, cookieName, 'host')
  if (secret === undefined) return null
  const session = activity.sessions.get(digest(secret))
  if (session === undefined) return null
  if (now() < session.expiresAt && now() < session.idleExpiresAt) return session
  activity.sessions.delete(digest(secret))
  return null
}

/** Keeps what a login came to in the session that it found, while that lasts. */
export function keepSession(c: Context, { activity }: Tenant, session: Session): void {
  const key = digest(getCookie(c, cookieName, 'host') ?? '')
  const known = activity.sessions.get(key)
  if (known?.id !== session.id) return
  activity.sessions.set(key, { ...known, methods: session.methods, userId: session.userId })
}

/** Counts as use, so that the session does not idle out, and notes the application. */
export function touchSession(c: Context, tenant: Tenant, session: Session, clientId: string): void {
  const secret = getCookie(c, cookieName, 'host')
  if (secret === undefined || !tenant.activity.sessions.has(digest(secret))) return
  const now = tenant.now()
  tenant.activity.sessions.set(digest(secret), {
    ...session,
    lastInteractedAt: now,
    idleExpiresAt: now + numberSetting(tenant, 'idle_session_lifetime', 72) * hour,
    clients: [...new Set([...session.clients, clientId])],
  })
}

export function endSession(c: Context, { activity }: Tenant): void {
  const secret = getCookie(c, cookieName, 'host')
  if (secret === undefined) return
  activity.sessions.delete(digest(secret))
  deleteCookie(c, cookieName, cookieOptions)
}
