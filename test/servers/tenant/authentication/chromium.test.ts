import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, adaId, startSampleTenant } from './sample-tenant.ts'
import { action, addClient, addDatabase, bindActions } from './tenant-resources.ts'
import type { TenantUnderTest } from './tenant-under-test.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)
const withBrowser = test.runIf(executablePath)

/** What the application was posted, in order. */
const posts: URLSearchParams[] = []

/** The application, and the page elsewhere that an Action sends to: other origins, that just answer. */
const others = createServer(async (request, response) => {
  if (request.method === 'POST') {
    posts.push(new URLSearchParams((await request.setEncoding('utf8').toArray()).join('')))
  }
  response.end('Hello')
}).listen(0, '127.0.0.1')
let application: string
let elsewhere: string

let under: TenantUnderTest
let browser: Browser
beforeAll(async () => {
  const { port } = others.address() as AddressInfo
  application = `http://127.0.0.1:${port}/callback`
  elsewhere = `http://localhost:${port}/terms`
  under = await startSampleTenant()
  addClient(under.tenant, { client_id: 'shop', name: 'The Shop', callbacks: [application] })
  addDatabase(under.tenant, 'people', {}, { passwordPolicy: 'good', requires_username: true })
  if (executablePath === undefined) return
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  others.close()
  await under.close()
})

async function openLogin(colorScheme: 'light' | 'dark' = 'light', width = 1280, more = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme,
    viewport: { width, height: 900 },
  })
  const page = await context.newPage()
  const foreign: string[] = []
  page.on('request', (request) => {
    const { origin } = new URL(request.url())
    if (origin !== new URL(under.tenant.issuer).origin) foreign.push(request.url())
  })
  const query = { client_id: 'shop', response_type: 'code', redirect_uri: application, ...more }
  await page.goto(`${under.tenant.issuer}authorize?${new URLSearchParams(query)}`)
  return { page, foreign, context }
}

/** Rules of WCAG that a page breaks, as axe-core names them. It runs outside the page's own scripts. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ violations: readonly { id: string }[] }>('axe.run()')
  return violations.map(({ id }) => id)
}

/** Each page, in the order in which a person comes by it. @param see Called on every one. */
async function seeEveryPage(page: Page, see: (name: string) => Promise<void>): Promise<void> {
  const account = `${under.tenant.issuer}u/account`
  await see('login')
  await page.getByLabel('Email address or username').fill(ada.username)
  await page.getByLabel('Password', { exact: true }).fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await see('login-wrong')
  await page.getByRole('link', { name: 'Sign up' }).click()
  await see('signup')
  await page.getByLabel('Email address').fill(ada.username)
  await page.getByLabel('Username').fill('ada')
  await page.getByLabel('Password').fill('short')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByRole('alert').waitFor()
  await see('signup-weak')
  await page.getByRole('link', { name: 'Log in' }).click()
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await see('forgot')
  await page.getByLabel('Email address').fill(ada.username)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  await see('mail-sent')
  const back = page.getByRole('link', { name: 'Back to log in' })
  const login = new URL((await back.getAttribute('href')) ?? '', under.tenant.issuer).href
  await page.goto(under.tenant.activity.outbox.at(-1)?.url ?? '')
  await see('reset')
  await page.getByLabel('New password', { exact: true }).fill('correct horse')
  await page.getByLabel('New password, again').fill('Correct Horse 1')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  await see('reset-mismatch')
  await page.getByLabel('New password', { exact: true }).fill('Correct Horse 1')
  await page.getByLabel('New password, again').fill('Correct Horse 1')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Password changed' }).waitFor()
  await see('reset-done')
  await page.goto(account)
  await see('account-none')
  await page.goto(login)
  await page.getByLabel('Email address or username').fill(ada.username)
  await page.getByLabel('Password', { exact: true }).fill('Correct Horse 1')
  await logIn(page)
  await page.goto(account)
  await see('account')
  await page.goto(`${under.tenant.issuer}oidc/logout`)
  await see('log-out')
  await page.goto(account)
  await page.getByRole('button', { name: 'Log out' }).press('Enter')
  await page.getByRole('heading', { name: 'Logged out' }).waitFor()
  await see('logged-out')
  await page.goto(`${under.tenant.issuer}u/login?state=over`)
  await see('error')
}

/** Sends the form. @returns Where the browser comes back to the application. */
async function logIn(page: Page): Promise<URL> {
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.href.startsWith(application))
  return new URL(page.url())
}

for (const colorScheme of ['light', 'dark'] as const) {
  withBrowser(
    `pages: axe-core finds nothing on any, ${colorScheme}, and none asks elsewhere`,
    async () => {
      const { page, foreign, context } = await openLogin(colorScheme)
      const seen: string[] = []
      await seeEveryPage(page, async (name) => {
        seen.push(name)
        expect(await violationsOn(page), name).toEqual([])
        if (process.env.SCREENSHOTS) {
          await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${colorScheme}.png` })
        }
      })
      expect(seen).toHaveLength(14)
      expect(foreign.filter((url) => !url.startsWith(application))).toEqual([])
      await context.close()
    },
  )
}

withBrowser('pages: on a telephone nothing is wider than the screen', async () => {
  const { page, context } = await openLogin('light', 320)
  await seeEveryPage(page, async (name) => {
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect(width, name).toBeLessThanOrEqual(320)
  })
  await context.close()
})

withBrowser('login page: the keyboard reaches everything, in the order of the page', async () => {
  const { page, context } = await openLogin()
  const focused = () =>
    page.evaluate<string>('document.activeElement.id || document.activeElement.textContent')
  const order = [await focused()]
  for (let step = 0; step < 4; step += 1) {
    await page.keyboard.press('Tab')
    order.push(await focused())
  }
  expect(order).toEqual(['username', 'password', 'Forgot your password?', 'Log in', 'Sign up'])
  await context.close()
})

withBrowser('sign-up page: makes an account, logs in and runs the Actions', async () => {
  bindActions(under.tenant, [action("api.user.setAppMetadata('seen', true)")])
  const { page, context } = await openLogin()
  await page.getByRole('link', { name: 'Sign up' }).click()
  await page.getByLabel('Email address').fill('Eve@Example.com')
  await page.getByLabel('Username').fill('eve')
  await page.getByLabel('Password').fill('Correct Horse 1')
  expect((await logIn(page)).searchParams.has('code')).toBe(true)
  const eve = [...under.tenant.state.users.values()].find(
    ({ profile }) => profile.email === 'eve@example.com',
  )
  expect(eve?.profile).toMatchObject({
    username: 'eve',
    logins_count: 1,
    app_metadata: { seen: true },
  })
  await page.goto(`${under.tenant.issuer}u/account`)
  expect(await page.locator('main').textContent()).toContain('The Shop')
  await context.close()
  bindActions(under.tenant, [])
})

withBrowser(
  'redirect: a browser follows it from the form, past the page’s own policy',
  async () => {
    bindActions(under.tenant, [
      `exports.onExecutePostLogin = async (event, api) => api.redirect.sendUserTo('${elsewhere}')
     exports.onContinuePostLogin = async () => {}`,
    ])
    const { page, context } = await openLogin()
    await page.getByLabel('Email address or username').fill(ada.username)
    await page.getByLabel('Password', { exact: true }).fill('Correct Horse 1')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.href.startsWith(elsewhere))
    const state = new URL(page.url()).searchParams.get('state')
    await page.goto(`${under.tenant.issuer}continue?state=${state}`)
    expect(page.url().startsWith(application)).toBe(true)
    expect(new URL(page.url()).searchParams.has('code')).toBe(true)
    expect(under.tenant.state.users.get(adaId)?.profile.logins_count).toBeGreaterThan(0)
    await context.close()
    bindActions(under.tenant, [])
  },
)

withBrowser('response_mode=form_post: a browser posts the code to the application', async () => {
  const { page, context } = await openLogin('light', 1280, { response_mode: 'form_post' })
  await page.getByLabel('Email address or username').fill(ada.username)
  await page.getByLabel('Password', { exact: true }).fill('Correct Horse 1')
  expect((await logIn(page)).search).toBe('')
  expect(posts.at(-1)?.get('code')).toMatch(/./)
  await context.close()
})

withBrowser(
  'response_mode=web_message: a frame tells the application, and no other page',
  async () => {
    const { origin } = new URL(application)
    const shop = { client_id: 'shop', name: 'The Shop', callbacks: [application] }
    const skip = { skip_non_verifiable_callback_uri_confirmation_prompt: true }
    addClient(under.tenant, { ...shop, ...skip, web_origins: [origin] })
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    const silent = {
      response_type: 'code',
      response_mode: 'web_message',
      prompt: 'none',
      state: 'x',
    }
    const query = { client_id: 'shop', redirect_uri: application, ...silent }
    const src = `${under.tenant.issuer}authorize?${new URLSearchParams(query)}`
    const told = async (from: string) => {
      const page = await context.newPage()
      await page.goto(from)
      return page.evaluate<string>(`new Promise((resolve) => {
      addEventListener('message', ({ data, origin }) => resolve(JSON.stringify({ data, origin })))
      const frame = document.createElement('iframe')
      frame.onload = () => setTimeout(resolve, 500, 'nothing')
      frame.src = ${JSON.stringify(src)}
      document.body.append(frame)
    })`)
    }
    expect(JSON.parse(await told(application))).toEqual({
      origin: new URL(under.tenant.issuer).origin,
      data: {
        type: 'authorization_response',
        response: { error: 'login_required', error_description: 'Login required', state: 'x' },
      },
    })
    expect(await told(elsewhere)).toBe('nothing')
    await context.close()
    addClient(under.tenant, shop)
  },
)

withBrowser('CORS: a script of the application reads tokens, and no other page does', async () => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const asked = async (from: string) => {
    const page = await context.newPage()
    await page.goto(from)
    return page.evaluate<string>(`fetch('${under.tenant.issuer}oauth/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'auth0-client': 'e30' },
      body: '{}',
    }).then((answer) => answer.json(), () => ({ error: 'unreadable' })).then(({ error }) => error)`)
  }
  expect(await asked(application)).toBe('invalid_request')
  expect(await asked(elsewhere)).toBe('unreadable')
  await context.close()
})
