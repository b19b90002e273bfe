import type * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { linkUsers } from '../../../../servers/tenant/users/link-identities.ts'
import { application, begin, redeem, tokenRequest } from './application.ts'
import { type Browser, createBrowser, type Visit } from './browser.ts'
import { ada, adaId, addUser, startSampleTenant } from './sample-tenant.ts'
import { action, bindActions } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  under.logins.length = 0
  under.tenant.activity.profileWrites.length = 0
})
afterAll(() => under.close())

const away = 'https://terms.example/page?lang=en'

/** Sends to {@link away}; `later` runs when the browser is back. */
function redirecting(later: string, before = ''): string {
  return `exports.onExecutePostLogin = async (event, api) => {
    ${before}
    api.redirect.sendUserTo('${away}', { query: { who: event.user.user_id } })
  }
  exports.onContinuePostLogin = async (event, api) => { ${later} }`
}

/** Logs in as Ada. @returns Where the tenant's page leads the browser. */
async function sentAway(parameters: Readonly<Record<string, string>> = {}) {
  const start = await begin(under, web, parameters)
  const visit = await start.browser.submit(start.visit, ada)
  return { ...start, visit, target: targetOf(visit) }
}

function targetOf({ left, text }: Visit): URL {
  const refresh = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(text)?.[1]
  return left ?? new URL((refresh ?? 'about:blank').replaceAll('&amp;', '&'))
}

function comeBack(browser: Browser, target: URL, more = ''): Promise<Visit> {
  const state = encodeURIComponent(target.searchParams.get('state') ?? '')
  return browser.go(`${under.tenant.issuer}continue?state=${state}${more}`)
}

test('redirect: the Action goes on when the browser is back, and the others run once each', async () => {
  bindActions(under.tenant, [
    action("api.idToken.setCustomClaim('first', event.user.user_id)"),
    redirecting("api.idToken.setCustomClaim('colour', event.request.query.colour)"),
    action("api.idToken.setCustomClaim('last', true)"),
  ])
  const { browser, target, visit, ...start } = await sentAway()
  expect(visit.status).toBe(200)
  expect(target.href.startsWith(away)).toBe(true)
  expect(target.searchParams.get('who')).toBe(adaId)
  expect(under.tenant.activity.sessions.size).toBe(0)
  const end = await comeBack(browser, target, '&colour=green')
  const tokens = await redeem(web, { browser, visit, ...start }, end)
  expect(tokens.claims()).toMatchObject({ first: adaId, colour: 'green', last: true })
  expect(under.logins).toHaveLength(2)
  expect(under.tenant.activity.sessions.size).toBe(1)
})

test('redirect: metadata is written before the browser leaves, and not again when it is back', async () => {
  const before = "api.user.setAppMetadata('asked', 1)"
  bindActions(under.tenant, [redirecting("api.user.setUserMetadata('agreed', true)", before)])
  const { browser, target } = await sentAway()
  const profile = () => under.tenant.state.users.get(adaId)?.profile
  expect(profile()?.app_metadata).toEqual({ asked: 1 })
  const { state } = under.tenant
  const meanwhile = profile()
  if (meanwhile === undefined) throw new Error('no Ada')
  state.users.set(adaId, { profile: { ...meanwhile, app_metadata: { asked: 2, signed: true } } })
  await comeBack(browser, target)
  expect(profile()).toMatchObject({
    app_metadata: { asked: 2, signed: true },
    user_metadata: { agreed: true },
  })
  expect(under.logins.at(-1)?.event.user.app_metadata).toEqual({ asked: 2, signed: true })
  expect(under.tenant.activity.profileWrites).toHaveLength(2)
  await under.close()
  under = await startSampleTenant()
  web = await application(under, 'web')
})

test('redirect: a page posts a session token back, bound to the state of this login', async () => {
  const later = `
    const { colour } = api.redirect.validateToken({ secret: 'shared', tokenParameterName: 'token' })
    api.idToken.setCustomClaim('colour', colour)`
  bindActions(under.tenant, [redirecting(later)])
  const good = await sentAway()
  const state = good.target.searchParams.get('state') ?? ''
  const token = async (claims: object) => {
    const { SignJWT } = await import('jose')
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('shared'))
  }
  const post = (start: typeof good, body: Readonly<Record<string, string>>) =>
    start.browser.go(`${under.tenant.issuer}continue`, {
      method: 'POST',
      body: new URLSearchParams(body),
    })
  const end = await post(good, { state, token: await token({ state, colour: 'green' }) })
  expect((await redeem(web, good, end)).claims()?.colour).toBe('green')
  const bad = await sentAway()
  const own = bad.target.searchParams.get('state') ?? ''
  const replayed = await post(bad, { state: own, token: await token({ state, colour: 'red' }) })
  expect(replayed.left?.searchParams.get('error')).toBe('access_denied')
})

test('redirect: only the browser that left may go on, once, and for an hour', async () => {
  bindActions(under.tenant, [redirecting('')])
  const { browser, target } = await sentAway()
  const stranger = createBrowser(under.fetch)
  expect((await comeBack(stranger, target)).status).toBe(400)
  await begin(under, web, {}, stranger)
  expect((await comeBack(stranger, target)).status).toBe(400)
  expect((await browser.go(`${under.tenant.issuer}continue?state=guess`)).status).toBe(400)
  expect((await browser.go(`${under.tenant.issuer}continue`)).status).toBe(400)
  expect((await comeBack(browser, target)).left?.searchParams.has('code')).toBe(true)
  const again = await comeBack(browser, target)
  expect(again.status).toBe(400)
  expect(again.text).toContain('no login to go on with')
  const late = await sentAway()
  under.clock.now += 3_600_000
  expect((await comeBack(late.browser, late.target)).status).toBe(400)
})

test('redirect: a denial after it reaches the application and leaves no session', async () => {
  under.tenant.activity.sessions.clear()
  bindActions(under.tenant, [redirecting("api.access.deny('did not agree')")])
  const { browser, target } = await sentAway()
  const { left } = await comeBack(browser, target)
  expect(left?.searchParams.get('error_description')).toBe('did not agree')
  expect(under.tenant.activity.sessions.size).toBe(0)
})

test('redirect: a user who is deleted or blocked while away gets no code', async () => {
  bindActions(under.tenant, [redirecting('')])
  await addUser(under, 'people', 'carl', { username: 'carl@example.com', password: 'x' })
  const { users } = under.tenant.state
  const carl = users.get('auth0|carl')
  if (carl === undefined) throw new Error('no Carl')
  for (const change of [() => users.delete('auth0|carl'), () => blocked()]) {
    users.set('auth0|carl', carl)
    const start = await begin(under, web)
    const visit = await start.browser.submit(start.visit, {
      username: 'carl@example.com',
      password: 'x',
    })
    change()
    const { left } = await comeBack(start.browser, targetOf(visit))
    expect(left?.searchParams.has('code')).toBe(false)
    expect(left?.searchParams.has('error')).toBe(true)
  }
  function blocked(): void {
    if (carl) users.set('auth0|carl', { ...carl, profile: { ...carl.profile, blocked: true } })
  }
})

test('redirect: single sign-on is sent away too; a silent login and a password grant are refused', async () => {
  bindActions(under.tenant, [])
  const { browser } = await sentAway()
  bindActions(under.tenant, [redirecting("api.idToken.setCustomClaim('back', true)")])
  const start = await begin(under, web, {}, browser)
  expect(start.visit.left?.origin).toBe('https://terms.example')
  const end = await comeBack(browser, targetOf(start.visit))
  expect((await redeem(web, start, end)).claims()?.back).toBe(true)
  const silent = await begin(under, web, { prompt: 'none' }, browser)
  expect(silent.visit.left?.searchParams.get('error')).toBe('interaction_required')
  const grant = await tokenRequest(under, {
    client_id: 'trusted',
    client_secret: 'secret of trusted',
    grant_type: 'password',
    ...ada,
  })
  expect(grant).toMatchObject({ status: 403, body: { error: 'interaction_required' } })
})

test('recordMethod: stays with the session, where the next login finds it', async () => {
  const method = 'https://terms.example/agreed'
  bindActions(under.tenant, [redirecting(`api.authentication.recordMethod('${method}')`)])
  const { browser, target } = await sentAway()
  await comeBack(browser, target)
  bindActions(under.tenant, [action('')])
  await begin(under, web, { prompt: 'none' }, browser)
  const { methods } = under.logins.at(-1)?.event.authentication ?? {}
  expect(methods?.map(({ name }) => name)).toEqual(['pwd', method])
})

test('setPrimaryUser: hands the login to the user to whom it was linked, and to nobody else', async () => {
  const password = 'x'
  await addUser(under, 'people', 'first', { username: 'first@example.com', password })
  await addUser(under, 'people', 'second', { username: 'second@example.com', password })
  const logIn = async () => {
    const start = await begin(under, web)
    const visit = await start.browser.submit(start.visit, {
      username: 'second@example.com',
      password,
    })
    return { start, visit }
  }
  bindActions(under.tenant, [redirecting("api.authentication.setPrimaryUser('auth0|first')")])
  const refused = await logIn()
  const unlinked = await comeBack(refused.start.browser, targetOf(refused.visit))
  expect(unlinked.left?.searchParams.get('error')).toBe('access_denied')

  const link = () => {
    const { users } = under.tenant.state
    const [primary, secondary] = [users.get('auth0|first'), users.get('auth0|second')]
    if (!primary || !secondary) throw new Error('no users')
    linkUsers(under.tenant, primary, secondary)
  }
  const { start, visit } = await logIn()
  link()
  const end = await comeBack(start.browser, targetOf(visit))
  expect((await redeem(web, start, end)).claims()?.sub).toBe('auth0|first')
  bindActions(under.tenant, [])
  const silent = await begin(under, web, { prompt: 'none' }, start.browser)
  expect((await redeem(web, silent, silent.visit)).claims()?.sub).toBe('auth0|first')
})

test('setPrimaryUser: a login whose user was linked while away fails without it', async () => {
  const password = 'x'
  await addUser(under, 'people', 'fourth', { username: 'fourth@example.com', password })
  await addUser(under, 'people', 'third', { username: 'third@example.com', password })
  bindActions(under.tenant, [redirecting('')])
  const start = await begin(under, web)
  const visit = await start.browser.submit(start.visit, { username: 'third@example.com', password })
  const { users } = under.tenant.state
  const [primary, secondary] = [users.get('auth0|fourth'), users.get('auth0|third')]
  if (!primary || !secondary) throw new Error('no users')
  linkUsers(under.tenant, primary, secondary)
  const { left } = await comeBack(start.browser, targetOf(visit))
  expect(left?.searchParams.get('error')).toBe('invalid_grant')
})
