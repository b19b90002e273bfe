import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SampleServer, startSampleServer } from '../../cli/demo/serve.ts'
import { createWorld, type World } from '../../cli/demo/world.ts'
import { copyProject } from '../mutations/project-copy.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

test.runIf(process.env.CI)('browser: CI has one', () => {
  expect(executablePath).toBeDefined()
})

const withBrowser = test.runIf(executablePath)
const project = copyProject()
let world: World
let application: SampleServer
let browser: Browser

beforeAll(async () => {
  if (executablePath === undefined) return
  world = await createWorld({ root: project.root, users: 20 })
  application = await startSampleServer(world)
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await application?.close()
  await world?.close()
  project.remove()
})

/** The certificate was made for this run: nobody could trust it. */
async function openPage(colorScheme: 'light' | 'dark' = 'light') {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, colorScheme })
  const page = await context.newPage()
  const foreign: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') foreign.push(request.url())
  })
  await page.goto(application.url)
  return { page, foreign }
}

withBrowser(
  'browser: a legacy user logs in on the login page and sees profile and tokens',
  async () => {
    const { page, foreign } = await openPage()
    const [email = '', password = ''] = await page
      .locator('tbody tr')
      .first()
      .locator('code')
      .allInnerTexts()
    await page.getByRole('link', { name: 'Log in' }).click()
    await page.getByLabel(/e-?mail/i).fill(email ?? '')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You are logged in' }).waitFor()
    const text = await page.locator('main').textContent()
    expect(text).toContain('auth0|legacy-users|')
    expect(text).toContain('https://claims.example/plan')
    expect(foreign).toEqual([])
  },
)

withBrowser('browser: a wrong password is told on the page, and the form stays', async () => {
  const { page } = await openPage()
  const email = await page.locator('tbody tr').last().locator('code').first().textContent()
  await page.getByRole('link', { name: 'Log in' }).click()
  await page.getByLabel(/e-?mail/i).fill(email ?? '')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.keyboard.press('Enter')
  expect(await page.getByRole('alert').textContent()).toMatch(/wrong/i)
  expect(await page.getByLabel('Password', { exact: true }).isVisible()).toBe(true)
})

/** Rules of WCAG that a page breaks, as axe-core names them. It runs outside the page's own scripts. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ violations: readonly { id: string }[] }>('axe.run()')
  return violations.map(({ id }) => id)
}

for (const colorScheme of ['light', 'dark'] as const) {
  withBrowser(`browser: axe-core finds nothing on any page, ${colorScheme}`, async () => {
    const { page } = await openPage(colorScheme)
    expect(await violationsOn(page)).toEqual([])
    const codes = page.locator('tbody tr').nth(1).locator('code')
    const [email = '', password = ''] = await codes.allTextContents()
    await page.getByRole('link', { name: 'Log in' }).click()
    expect(await violationsOn(page)).toEqual([])
    await page.getByLabel(/e-?mail/i).fill(email)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await violationsOn(page)).toEqual([])
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You are logged in' }).waitFor()
    expect(await violationsOn(page)).toEqual([])
  })
}
