import type * as oidc from 'openid-client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { application, begin, redeem } from './application.ts'
import type { Visit } from './browser.ts'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { action, addClient, bindActions, callback } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

let under: TenantUnderTest
let web: oidc.Configuration
beforeAll(async () => {
  under = await startSampleTenant()
  web = await application(under, 'web')
})
beforeEach(() => {
  under.tenant.state.settings.clear()
  bindActions(under.tenant, [])
  addClient(under.tenant, { client_id: 'web', web_origins: ['https://app.example/x'] })
})
afterAll(() => under.close())

const posted = ({ text }: Visit) =>
  Object.fromEntries(
    [...text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, ...pair]) => pair),
  )

/** What the script of a page tells, and to whom. */
function told({ text }: Visit) {
  const [, message = '', origin = ''] = /postMessage\((\{.*\}), (".*")\)<\/script>/.exec(text) ?? []
  return { message: JSON.parse(message), origin: JSON.parse(origin) }
}

test('response_mode=form_post: the browser posts the code, and may post it nowhere else', async () => {
  bindActions(under.tenant, [action('')])
  const start = await begin(under, web, { response_mode: 'form_post' })
  const page = await start.browser.submit(start.visit, ada)
  expect([page.status, page.left]).toEqual([200, null])
  expect(page.text).toContain(`<form method="post" action="${callback}">`)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("form-action 'self' https://app.example;")
  expect(page.text).toContain(`<script nonce="${/script-src 'nonce-([^']+)'/.exec(policy)?.[1]}">`)
  const left = new URL(`${callback}?${new URLSearchParams(posted(page))}`)
  expect((await redeem(web, start, { ...page, left })).claims()?.sub).toBe(adaId)
  expect(under.logins.at(-1)?.event.transaction?.response_mode).toBe('form_post')
})

test('response_mode=form_post: the application is posted errors too, escaped', async () => {
  const state = '"><script>alert(1)</script>'
  const { visit } = await begin(under, web, { response_mode: 'form_post', prompt: 'none', state })
  expect(posted(visit)).toMatchObject({ error: 'login_required' })
  expect(visit.text).not.toContain('<script>')
  expect(visit.text).toContain('value="&quot;&gt;&lt;script&gt;')
})

test('response_mode=fragment: no server is told the code', async () => {
  const start = await begin(under, web, { response_mode: 'fragment' })
  const visit = await start.browser.submit(start.visit, ada)
  expect(visit.left?.search).toBe('')
  const left = new URL(`${callback}?${visit.left?.hash.slice(1)}`)
  expect(left.searchParams.get('state')).toBe(start.state)
  expect((await redeem(web, start, { ...visit, left })).claims()?.sub).toBe(adaId)
})

test('response_mode=web_message: tells the window of the origin that is registered, and no other', async () => {
  const mode = { response_mode: 'web_message' }
  const silent = await begin(under, web, { ...mode, prompt: 'none' })
  expect(told(silent.visit)).toMatchObject({
    origin: 'https://app.example',
    message: {
      type: 'authorization_response',
      response: { error: 'login_required', state: silent.state },
    },
  })
  expect(silent.visit.headers.get('content-security-policy')).toContain(
    'frame-ancestors https://app.example',
  )
  expect(silent.visit.headers.has('x-frame-options')).toBe(false)
  const start = await begin(under, web, mode)
  const page = await start.browser.submit(start.visit, ada)
  const { code, state } = told(page).message.response
  const left = new URL(`${callback}?${new URLSearchParams({ code, state })}`)
  expect((await redeem(web, start, { ...page, left })).claims()?.sub).toBe(adaId)
})

test('response_mode=web_message: a star in an origin stands for one subdomain', async () => {
  const redirect_uri = 'https://a.app.example/callback'
  const web_origins = ['https://*.app.example']
  addClient(under.tenant, { client_id: 'web', callbacks: [callback, redirect_uri], web_origins })
  const query = { response_mode: 'web_message', prompt: 'none' }
  const { visit } = await begin(under, web, { ...query, redirect_uri })
  expect(told(visit).origin).toBe('https://a.app.example')
  expect((await begin(under, web, query)).visit.status).toBe(403)
})

test.each([
  ['names none', undefined],
  ['names another', ['https://other.example']],
  ['names it on another port', ['https://app.example:8443']],
  ['names it without https', ['http://app.example']],
])(
  'response_mode=web_message: of an application that %s nobody is told',
  async (_, web_origins) => {
    addClient(under.tenant, { client_id: 'web', ...(web_origins && { web_origins }) })
    const { visit } = await begin(under, web, { response_mode: 'web_message', prompt: 'none' })
    expect([visit.status, visit.left]).toEqual([403, null])
    expect(visit.text).toContain('Allowed Web Origins')
    expect(visit.text).not.toContain('postMessage')
  },
)

test('response_mode=web_message: no state ends the script', async () => {
  const state = '</script><script>alert(1)</script>'
  const query = { response_mode: 'web_message', prompt: 'none', state }
  const { visit } = await begin(under, web, query)
  expect(visit.text.match(/<\/script>/g)).toHaveLength(1)
  expect(told(visit).message.response.state).toBe(state)
})

test('response_mode: one that there is not is told in the query', async () => {
  const { visit } = await begin(under, web, { response_mode: 'jwt' })
  expect(visit.left?.searchParams.get('error')).toBe('invalid_request')
})

test('response_mode: an Action that sends people elsewhere does not change how the answer comes', async () => {
  const redirecting = `exports.onExecutePostLogin = async (event, api) => {
    api.redirect.sendUserTo('https://elsewhere.example/')
  }
  exports.onContinuePostLogin = async () => {}`
  bindActions(under.tenant, [redirecting])
  const start = await begin(under, web, { response_mode: 'form_post' })
  const away = await start.browser.submit(start.visit, ada)
  const state = /elsewhere\.example\/\?state=([^"&]+)/.exec(away.text)?.[1]
  const back = await start.browser.go(`${under.tenant.issuer}continue?state=${state}`)
  expect(posted(back)).toMatchObject({ code: expect.any(String), state: start.state })
})

test('iss: answers name the issuer where the tenant says so, and openid-client holds them to it', async () => {
  const name = 'authorization_response_iss_parameter_supported'
  expect(web.serverMetadata()[name]).toBeUndefined()
  const without = await begin(under, web, { prompt: 'none' })
  expect(without.visit.left?.searchParams.has('iss')).toBe(false)
  under.tenant.state.settings.set('tenant', { [name]: true })
  const knowing = await application(under, 'web')
  expect(knowing.serverMetadata()[name]).toBe(true)
  const start = await begin(under, knowing)
  const visit = await start.browser.submit(start.visit, ada)
  expect(visit.left?.searchParams.get('iss')).toBe(under.tenant.issuer)
  const left = new URL(visit.left ?? '')
  left.searchParams.delete('iss')
  await expect(redeem(knowing, start, { ...visit, left })).rejects.toThrow()
  expect((await redeem(knowing, start, visit)).claims()?.sub).toBe(adaId)
})
