import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { digest, newSecret } from './secrets.ts'

const cookieName = 'auth0_browser'

/**
 * What a browser is known by while a login is under way in it. The cookie says nothing about who
 * uses it, so it may come along from other sites too: pages that an Action sends people to post back
 * to `/continue`.
 */
export function knownBrowser(c: Context): string {
  const known = getCookie(c, cookieName, 'host')
  if (known !== undefined) return known
  const secret = newSecret()
  setCookie(c, cookieName, secret, {
    prefix: 'host',
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'None',
  })
  return secret
}

/** @param browser Digest of what {@link knownBrowser} gave. */
export function isBrowser(c: Context, browser: string): boolean {
  const known = getCookie(c, cookieName, 'host')
  return known !== undefined && digest(known) === browser
}
