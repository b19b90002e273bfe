import { decodeJwt } from 'jose'
import type * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addOldRules, endRules } from '../../../../servers/tenant/rules.ts'
import { application, begin, logIn, tokenRequest } from './application.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { action, bindActions } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  endRules(under.tenant.state)
  bindActions(under.tenant, [])
  under.logins.length = 0
  under.tenant.activity.profileWrites.length = 0
})
afterAll(() => under.close())

/** Rules with these bodies, in their order. */
function rules(...bodies: readonly string[]): void {
  const all = bodies.map((body, index) => ({
    name: `rule ${index + 1}`,
    script: `function (user, context, callback) { ${body} }`,
  }))
  addOldRules(under.tenant.state, { rules: all, configuration: { PLAN: 'gold' } })
}

const pass = 'callback(null, user, context)'
const store = `auth0.users.updateAppMetadata(user.user_id, { plan: configuration.PLAN })
  .then(() => ${pass})`
const profile = () => under.tenant.state.users.get(adaId)?.profile

test('Rules: run before the Actions, which see what they stored and may change what they claim', async () => {
  rules(store, `context.idToken.first = 'rule'; context.idToken.second = 'rule'; ${pass}`)
  bindActions(under.tenant, [
    action(`api.idToken.setCustomClaim('second', event.user.app_metadata.plan)`),
  ])
  const { tokens } = await logIn(under, web, ada)
  expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ first: 'rule', second: 'gold' })
  expect(profile()?.app_metadata).toMatchObject({ plan: 'gold' })
  expect(under.tenant.activity.profileWrites).toEqual([{ user_id: adaId, by: 'rules' }])
})

test.each([
  [`callback(new UnauthorizedError('Not you.'))`, 'unauthorized', 'Not you.'],
  [`callback(new Error('It broke.'))`, 'access_denied', 'It broke.'],
  [`throw new Error('thrown')`, 'access_denied', 'thrown'],
])(
  'Rules: %s ends the login before any Action, and what was stored stays',
  async (body, error, text) => {
    rules(store, body)
    bindActions(under.tenant, [action('')])
    const start = await begin(under, web)
    const { left } = await start.browser.submit(start.visit, ada)
    expect(left?.searchParams.get('error')).toBe(error)
    expect(left?.searchParams.get('error_description')).toContain(text)
    expect(left?.searchParams.get('code')).toBeNull()
    expect(under.logins).toEqual([])
    expect(under.tenant.activity.profileWrites).toHaveLength(1)
  },
)

test('Rules: run on a refresh and on a password grant too', async () => {
  rules(`context.idToken.seen = context.protocol; ${pass}`)
  const asked = {
    client_id: 'trusted',
    client_secret: 'secret of trusted',
    scope: 'openid offline_access',
  }
  const password = await tokenRequest(under, { ...asked, ...ada, grant_type: 'password' })
  const { refresh_token } = password.body as { refresh_token: string }
  const refreshed = await tokenRequest(under, {
    ...asked,
    grant_type: 'refresh_token',
    refresh_token,
  })
  const seen = [password, refreshed].map(({ body }) => decodeJwt(String(body.id_token)).seen)
  expect(seen).toEqual(['oauth2-password', 'oauth2-refresh-token'])
})

test('Rules: what they want of the user and the tenant cannot give, gives no token either', async () => {
  rules(`context.redirect = { url: 'https://elsewhere.example' }; ${pass}`)
  const start = await begin(under, web)
  const { left } = await start.browser.submit(start.visit, ada)
  expect(left?.searchParams.get('error')).toBe('interaction_required')
})

test('Rules: a Rule that is switched off does not run, and none does once Rules have ended', async () => {
  rules(`callback(new Error('no'))`)
  const [rule] = under.tenant.state.others.get('rules')?.values() ?? []
  under.tenant.state.others.get('rules')?.set(String(rule?.id), { ...rule, enabled: false })
  expect((await logIn(under, web, ada)).tokens.id_token).toEqual(expect.any(String))
  rules(`callback(new Error('no'))`)
  endRules(under.tenant.state)
  expect((await logIn(under, web, ada)).tokens.id_token).toEqual(expect.any(String))
})
