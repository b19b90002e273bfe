import * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { JsonObject } from '../../../../servers/tenant/state.ts'
import { begin, redeem, tokenRequest } from '../authentication/application.ts'
import type { Visit } from '../authentication/browser.ts'
import { addUser } from '../authentication/sample-tenant.ts'
import {
  action,
  addApi,
  addClient,
  addDatabase,
  bindActions,
  ordersApi,
  passwordRealm,
} from '../authentication/tenant-resources.ts'
import { bob, bobId, entered, type LegacyTenant, startLegacyTenant } from './legacy-store.ts'

let under: LegacyTenant
beforeAll(async () => {
  under = await startLegacyTenant({ enable_script_context: true })
  addApi(under.tenant, ordersApi)
  addDatabase(under.tenant, 'staff')
})
afterAll(() => under.close())

beforeEach(() => {
  const { tenant } = under
  usage('allow')
  tenant.state.users.clear()
  tenant.state.others.clear()
  tenant.state.settings.clear()
  tenant.activity.failedLogins.clear()
  under.logins.length = 0
  under.scripts.length = 0
  bindActions(tenant, [action('')])
})

function usage(organization_usage: string): void {
  const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', passwordRealm]
  addClient(under.tenant, { client_id: 'web', grant_types, organization_usage })
}

async function json(response: Response): Promise<JsonObject> {
  return (await response.json()) as JsonObject
}

/** An organization that people of the database `legacy` may log in to. @returns Its id. */
async function organization(connection: JsonObject = {}, name = 'acme'): Promise<string> {
  const response = await under.manage('POST', 'organizations', {
    name,
    display_name: 'Acme Ltd',
    metadata: { tier: 'gold' },
    enabled_connections: [{ connection_id: 'con_legacy', ...connection }],
  })
  expect(response.status).toBe(201)
  return String((await json(response)).id)
}

async function logIn(parameters: Readonly<Record<string, string>>, account = bob) {
  const start = await begin(under, under.web, parameters)
  return { start, visit: await start.browser.submit(start.visit, account) }
}

function errorOf({ left }: Visit): string {
  const { searchParams } = left ?? new URL('about:blank')
  return `${searchParams.get('error')}: ${searchParams.get('error_description')}`
}

test('organizations: who is no member at the first lazy login is refused before any Action runs', async () => {
  const id = await organization()
  const { visit } = await logIn({ organization: id })
  expect(errorOf(visit)).toBe(`access_denied: user ${bobId} is not part of the ${id} organization`)
  expect(under.logins).toEqual([])
  expect(under.tenant.activity.sessions.size).toBe(0)
  // Migrated all the same: an administrator can make the user a member now.
  expect(under.tenant.state.users.has(bobId)).toBe(true)
  const path = `organizations/${id}/members`
  expect((await under.manage('POST', path, { members: [bobId] })).status).toBe(204)
  expect(entered((await logIn({ organization: id })).visit)).toBe(true)
})

test('organizations: assign_membership_on_login makes a member at the first login', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const { start, visit } = await logIn({ organization: id, audience: ordersApi })
  const tokens = await redeem(under.web, start, visit)
  expect(tokens.claims()?.org_id).toBe(id)
  expect(JSON.parse(atob(tokens.access_token.split('.')[1] ?? '')).org_id).toBe(id)
  expect(tokens.claims()).not.toHaveProperty('org_name')
  const shown = { id, name: 'acme', display_name: 'Acme Ltd', metadata: { tier: 'gold' } }
  expect(under.logins[0]?.event.organization).toEqual(shown)
  expect(under.scripts[0]?.args.at(-1)).toEqual({ organization: shown })
  const members = await under.manage('GET', `organizations/${id}/members`)
  expect(await members.json()).toEqual([
    { user_id: bobId, email: 'bob@example.com', name: 'bob@example.com' },
  ])
  const path = `users/${encodeURIComponent(bobId)}/organizations`
  expect(await (await under.manage('GET', path)).json()).toEqual([shown])
})

test('organizations: a login for none has no org_id, and no organization in event and context', async () => {
  await organization({ assign_membership_on_login: true })
  const { start, visit } = await logIn({})
  const tokens = await redeem(under.web, start, visit)
  expect(tokens.claims()).not.toHaveProperty('org_id')
  expect(under.logins[0]?.event).not.toHaveProperty('organization')
  expect(under.scripts[0]?.args.at(-1)).toEqual({})
})

test('organizations: membership is asked again by single sign-on, silently, at /continue and by refresh', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const asked = { organization: id, scope: 'openid offline_access' }
  const { start, visit } = await logIn(asked)
  const tokens = await redeem(under.web, start, visit)
  const refreshed = await oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')
  expect(refreshed.claims()?.org_id).toBe(id)
  await under.manage('PATCH', `organizations/${id}/enabled_connections/con_legacy`, {
    assign_membership_on_login: false,
  })
  expect((await begin(under, under.web, asked, start.browser)).visit.left?.search).toContain(
    'code=',
  )
  const members = { members: [bobId] }
  await under.manage('DELETE', `organizations/${id}/members`, members)
  under.logins.length = 0
  for (const prompt of ['none', '']) {
    const more = prompt === '' ? {} : { prompt }
    const { visit: again } = await begin(under, under.web, { ...asked, ...more }, start.browser)
    expect(errorOf(again)).toContain('access_denied: user')
  }
  await expect(oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')).rejects.toMatchObject(
    { error: 'access_denied' },
  )
  expect(under.logins).toEqual([])

  await under.manage('POST', `organizations/${id}/members`, members)
  bindActions(under.tenant, [action("api.redirect.sendUserTo('https://terms.example/')")])
  const away = await begin(under, under.web, asked, start.browser)
  await under.manage('DELETE', `organizations/${id}/members`, members)
  const state = away.visit.left?.searchParams.get('state')
  const back = await start.browser.go(`${under.tenant.issuer}continue?state=${state}`)
  expect(errorOf(back)).toContain('access_denied: user')
})

test('organizations: a refresh makes nobody a member again, and a login does', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const asked = { organization: id, scope: 'openid offline_access' }
  const { start, visit } = await logIn(asked)
  const { refresh_token: token = '' } = await redeem(under.web, start, visit)
  await under.manage('DELETE', `organizations/${id}/members`, { members: [bobId] })
  under.logins.length = 0
  await expect(oidc.refreshTokenGrant(under.web, token)).rejects.toMatchObject({
    error: 'access_denied',
  })
  expect(under.logins).toEqual([])
  expect(entered((await logIn(asked)).visit)).toBe(true)
  expect((await oidc.refreshTokenGrant(under.web, token)).claims()?.org_id).toBe(id)
})

test('organizations: an application says whether it wants one, and whether it must', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const error = async (parameters: Record<string, string>) =>
    errorOf((await begin(under, under.web, parameters)).visit)
  const text = 'parameter organization is not allowed for this client'
  usage('deny')
  expect(await error({ organization: id })).toBe(`invalid_request: ${text}`)
  // Auth0's default.
  addClient(under.tenant, { client_id: 'web' })
  expect(await error({ organization: id })).toBe(`invalid_request: ${text}`)
  usage('require')
  const required = 'parameter organization is required for this client'
  expect(await error({})).toBe(`invalid_request: ${required}`)
  expect(await error({ organization: 'org_unknown' })).toContain('invalid_request')
  expect(entered((await logIn({ organization: id })).visit)).toBe(true)
})

test('organizations: names stand for ids only where the tenant allows it, and then are in tokens', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const { visit } = await begin(under, under.web, { organization: 'acme' })
  expect(errorOf(visit)).toContain('must be an organization id')
  const settings = { allow_organization_name_in_authentication_api: true }
  under.tenant.state.settings.set('tenant', settings)
  const named = await logIn({ organization: 'Acme' })
  const tokens = await redeem(under.web, named.start, named.visit)
  expect(tokens.claims()).toMatchObject({ org_id: id, org_name: 'acme' })
})

test('organizations: only their own connections lead in, also past single sign-on', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const other = await json(
    await under.manage('POST', 'organizations', {
      name: 'staff-only',
      enabled_connections: [{ connection_id: 'con_staff', assign_membership_on_login: true }],
    }),
  )
  const { start } = await logIn({ organization: id })
  const silent = { organization: String(other.id), prompt: 'none' }
  const { visit } = await begin(under, under.web, silent, start.browser)
  expect(errorOf(visit)).toContain('login_required')
  expect(entered((await logIn({ organization: String(other.id) })).visit)).toBe(false)
  const ann = { username: 'ann@example.com', password: 'x' }
  await addUser(under, 'staff', 'ann', ann)
  expect(entered((await logIn({ organization: String(other.id) }, ann)).visit)).toBe(true)
  const wrong = { organization: String(other.id), connection: 'legacy' }
  expect((await begin(under, under.web, wrong)).visit.status).toBe(400)
  const away = await begin(under, under.web, { organization: id })
  const before = await logIn({ organization: id, scope: 'openid offline_access' })
  const tokens = await redeem(under.web, before.start, before.visit)
  await under.manage('DELETE', `organizations/${id}/enabled_connections/con_legacy`)
  expect((await away.browser.submit(away.visit, bob)).status).toBe(400)
  await expect(oidc.refreshTokenGrant(under.web, tokens.refresh_token ?? '')).rejects.toMatchObject(
    { error: 'access_denied', error_description: expect.stringContaining('not enabled') },
  )
  await under.manage('DELETE', `organizations/${other.id}/enabled_connections/con_staff`)
  expect((await begin(under, under.web, { organization: String(other.id) })).visit.status).toBe(400)
})

test('organizations: grants without a login page log in to none', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const client = { client_id: 'web', client_secret: 'secret of web' }
  const grant = { ...client, grant_type: passwordRealm, realm: 'legacy', ...bob }
  const machine = { ...client, grant_type: 'client_credentials', audience: ordersApi }
  for (const asked of [grant, machine]) {
    const answer = await tokenRequest(under, { ...asked, organization: id })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  }
  usage('require')
  expect((await tokenRequest(under, grant)).status).toBe(400)
  usage('allow')
  expect((await tokenRequest(under, grant)).status).toBe(200)
})

test('organizations: who is deleted, linked away or blocked is no member', async () => {
  const id = await organization({ assign_membership_on_login: true })
  await logIn({ organization: id })
  const path = `users/${encodeURIComponent(bobId)}`
  const members = async () =>
    ((await (await under.manage('GET', `organizations/${id}/members`)).json()) as unknown[]).length
  expect(await members()).toBe(1)
  await under.manage('PATCH', path, { blocked: true })
  expect(errorOf((await logIn({ organization: id })).visit)).toContain('unauthorized')
  await under.manage('DELETE', path)
  expect(await members()).toBe(0)
  await under.manage('PATCH', `organizations/${id}/enabled_connections/con_legacy`, {
    assign_membership_on_login: false,
  })
  // The same person is imported anew, under the same id.
  expect(errorOf((await logIn({ organization: id })).visit)).toContain('access_denied: user')
})

test('organizations: one that is deleted while its login page is open ends the login', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const start = await begin(under, under.web, { organization: id })
  const code = await logIn({ organization: id })
  expect((await under.manage('DELETE', `organizations/${id}`)).status).toBe(204)
  const visit = await start.browser.submit(start.visit, bob)
  expect(visit.status).toBe(403)
  await expect(redeem(under.web, code.start, code.visit)).rejects.toMatchObject({
    error: 'access_denied',
  })
})

test('POST /organizations: names are in one form and once, connections exist, metadata is text', async () => {
  const id = await organization()
  const status = async (body: JsonObject) =>
    (await under.manage('POST', 'organizations', body)).status
  expect(await status({ name: 'acme' })).toBe(409)
  for (const name of ['Acme', '', '-acme', 'a b', 'x'.repeat(51)]) {
    expect(await status({ name }), name).toBe(400)
  }
  expect(await status({})).toBe(400)
  expect(await status({ name: 'b', unknown: 1 })).toBe(400)
  expect(await status({ name: 'b', metadata: { count: 1 } })).toBe(400)
  const nowhere = { connection_id: 'con_nowhere' }
  expect(await status({ name: 'b', enabled_connections: [nowhere] })).toBe(400)
  const eleven = Array.from({ length: 11 }, () => ({ connection_id: 'con_legacy' }))
  expect(await status({ name: 'b', enabled_connections: eleven })).toBe(400)
  const twice = [{ connection_id: 'con_legacy' }, { connection_id: 'con_legacy' }]
  expect(await status({ name: 'b', enabled_connections: twice })).toBe(400)
  // A name that looks like an id could stand for another organization.
  expect(await status({ name: 'org_acme' })).toBe(400)
  const path = `organizations/${id}`
  expect(await json(await under.manage('GET', 'organizations/name/acme'))).toMatchObject({ id })
  const changed = await under.manage('PATCH', path, { display_name: 'New', name: 'acme' })
  expect(await json(changed)).toMatchObject({ id, display_name: 'New', metadata: { tier: 'gold' } })
  expect((await under.manage('GET', 'organizations/org_none')).status).toBe(404)
  expect(await json(await under.manage('GET', 'organizations/org_none'))).toMatchObject({
    errorCode: 'inexistent_organization',
  })
})

// https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccOrganization.yaml
test('POST /organizations: one without metadata and connections shows none, when made and later', async () => {
  const body = { name: 'bare', display_name: 'Bare', third_party_client_access: 'block' }
  const made = await under.manage('POST', 'organizations', body)
  const shown = await json(made)
  expect([made.status, shown]).toEqual([201, { ...body, id: shown.id }])
  expect(await json(await under.manage('GET', `organizations/${shown.id}`))).toEqual(shown)
  const refused = await under.manage('PATCH', `organizations/${shown.id}`, { branding: null })
  expect(refused.status).toBe(400)
})

test('organizations: a connection that is not enabled is listed as such, and lets nobody in', async () => {
  const id = await organization({ assign_membership_on_login: true })
  const path = `organizations/${id}/connections`
  const listed = async (one: string) =>
    json(await under.manage('GET', `organizations/${id}/${one}`))
  expect(await listed('connections')).toMatchObject([
    { connection_id: 'con_legacy', is_enabled: true, connection: { name: 'legacy' } },
  ])
  await logIn({ organization: id })
  expect(under.logins).toHaveLength(1)
  const off = await under.manage('PATCH', `${path}/con_legacy`, { is_enabled: false })
  expect(await json(off)).toMatchObject({ is_enabled: false, assign_membership_on_login: true })
  expect(await listed('enabled_connections')).toEqual([])
  expect(
    (await under.manage('GET', `organizations/${id}/enabled_connections/con_legacy`)).status,
  ).toBe(404)
  const again = await begin(under, under.web, { organization: id })
  expect(again.visit.text).not.toContain('name="password"')
  expect(under.logins).toHaveLength(1)
  expect((await under.manage('DELETE', `${path}/con_legacy`)).status).toBe(204)
  expect(await listed('connections')).toEqual([])
})

test('organizations: connections are enabled once, and members are users', async () => {
  const id = await organization()
  const path = `organizations/${id}/enabled_connections`
  const add = (body: JsonObject) => under.manage('POST', path, body)
  expect((await add({ connection_id: 'con_legacy' })).status).toBe(409)
  const added = await add({ connection_id: 'con_staff', is_signup_enabled: true })
  expect(await json(added)).toEqual({
    connection_id: 'con_staff',
    assign_membership_on_login: false,
    is_signup_enabled: true,
    show_as_button: true,
    connection: { name: 'staff', strategy: 'auth0' },
  })
  const page = await json(
    await under.manage('GET', `${path}?include_totals=true&per_page=1&page=1`),
  )
  expect(page).toMatchObject({ total: 2, enabled_connections: [{ connection_id: 'con_staff' }] })
  // The limit of this list, as Auth0's, is what there is.
  const all = await json(await under.manage('GET', `${path}?include_totals=true&per_page=50`))
  expect(all).toMatchObject({ start: 0, limit: 2, total: 2 })
  expect((await under.manage('DELETE', `${path}/con_staff`)).status).toBe(204)
  expect((await under.manage('GET', `${path}/con_staff`)).status).toBe(404)
  await addUser(under, 'legacy', 'ann', { username: 'ann@example.com', password: 'x' })
  const members = { members: ['auth0|ann', 'auth0|nobody'] }
  const refused = await under.manage('POST', `organizations/${id}/members`, members)
  expect(refused.status).toBe(404)
  expect(await (await under.manage('GET', `organizations/${id}/members`)).json()).toEqual([])
})

test('organizations: members are listed by checkpoint, each once', async () => {
  const id = await organization()
  const ids = Array.from({ length: 7 }, (_, number) => `n${number}`)
  for (const one of ids) {
    await addUser(under, 'legacy', one, { username: `${one}@example.com`, password: 'x' })
  }
  const path = `organizations/${id}/members`
  const all = ids.map((one) => `auth0|${one}`)
  expect((await under.manage('POST', path, { members: all })).status).toBe(204)
  const seen: unknown[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const from: string = next === '' ? '' : `&from=${next}`
    const page = (await (await under.manage('GET', `${path}?take=3${from}`)).json()) as {
      members: { user_id: string }[]
      next?: string
    }
    seen.push(...page.members.map(({ user_id }) => user_id))
    next = page.next
  }
  expect(seen).toEqual(all)
})
