import { createUserAgent, type UserAgent } from '../demo/user-agent.ts'
import { callback } from './applications.ts'
import type { ProbeContext } from './context.ts'
import type { TestUser } from './users.ts'

/** A browser without a session. */
export function openBrowser({ fetch }: ProbeContext): UserAgent {
  return createUserAgent(fetch)
}

/** Pages of a login: an identifier and a password may come one after the other. */
const mostPages = 3

/**
 * Asks for a code as the common application, and fills in the login page where there is one.
 *
 * @returns Where the browser ended up, and the OAuth error of it; null when it is none.
 * @throws {Error} When the login page does not lead back: its form may want a script or a captcha.
 */
export async function browse(
  context: ProbeContext,
  browser: UserAgent,
  { database, email, password }: TestUser,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly at: URL; readonly error: string | null }> {
  const { client_id } = await context.commonApplication()
  const query = new URLSearchParams({
    client_id,
    connection: database,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    state: 'probe',
    ...more,
  })
  const end = more.redirect_uri ?? callback
  let page = await browser.open(`${context.issuer}authorize?${query}`, end)
  for (let pages = 0; pages < mostPages && !(page instanceof URL); pages += 1) {
    page = await browser.submit(page, { username: email, password }, end)
  }
  if (page instanceof URL) return { at: page, error: page.searchParams.get('error') }
  throw new Error('the login page cannot be filled in without a browser')
}

/**
 * Logs a person in whose Action sends them elsewhere: to the callback, with `to` in its query.
 *
 * @returns What the login is continued with.
 */
export async function browseElsewhere(
  context: ProbeContext,
  browser: UserAgent,
  person: TestUser,
): Promise<string> {
  const { at } = await browse(context, browser, person)
  const state = at.searchParams.get('state')
  if (at.searchParams.get('to') === null || state === null) {
    throw new Error('the Action did not redirect')
  }
  return state
}

/** Comes back to a login that was sent elsewhere. */
export function comeBack({ issuer }: ProbeContext, browser: UserAgent, state: string) {
  return browser.open(`${issuer}continue?${new URLSearchParams({ state })}`, callback)
}
