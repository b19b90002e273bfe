import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, historyOf, usualRate } from '../../cli/status/days.ts'
import { toPage } from '../../cli/status/page.ts'
import { project } from '../../cli/status/projection.ts'
import type { StatusReport } from '../../cli/status/report.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)
const withBrowser = test.runIf(executablePath)
const folder = mkdtempSync(join(tmpdir(), 'status-page-'))
let browser: Browser

test.runIf(process.env.CI)('status page: CI has a browser', () => {
  expect(executablePath).toBeDefined()
})

beforeAll(async () => {
  if (executablePath === undefined) return
  browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
}, 60_000)

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

const at = '2026-11-21T12:00:00.000Z'

/** A report of a migration that has gone on for so many days. */
function reportOf(days: number, more: Partial<StatusReport> = {}): StatusReport {
  const total = 120_000
  const per_day = Array.from({ length: days }, (_, index) => ({
    date: addDays('2026-11-21', index - days + 1),
    migrated: 300 + ((index * 7_919) % 500),
  }))
  const migrated = per_day.reduce((sum, day) => sum + day.migrated, 0)
  const remaining = total - migrated
  const history = historyOf(per_day, remaining, Date.parse(at))
  const outcomes = { complete: migrated - 15, too_large: 12, not_found: 3 }
  return {
    at,
    connection: 'legacy-users',
    phase: { phase: 'lazy', since: '2026-09-20T08:00:00.000Z' },
    counts: { total, migrated, remaining, ...outcomes, per_day },
    history,
    usualRate: usualRate(history, 7),
    projection: project(history, total),
    logs: {
      logins: 100,
      conflicts: ['eve@legacy.example'],
      troubles: { f: 3, w: 0, wum: 0, actions_execution_failed: 0, api_limit: 0 },
      since: '2026-11-18T00:00:00.000Z',
    },
    verification: {
      agree: 48,
      missing: ['bob@legacy.example'],
      ...{ unstamped: [], disagree: [], conflict: [] },
    },
    ...more,
  }
}

/** Whole, short, long, and with nothing but numbers of the store. */
const reports: Readonly<Record<string, StatusReport>> = {
  usual: reportOf(60),
  'of its first day': reportOf(1, { phase: null, logs: null, verification: null }),
  long: reportOf(200),
  empty: {
    ...reportOf(1, { logs: null, verification: null, projection: null, usualRate: null }),
    counts: {
      ...{ total: 0, migrated: 0, remaining: 0, complete: 0, too_large: 0, not_found: 0 },
      per_day: [],
    },
    history: historyOf([], 0, Date.parse(at)),
  },
}

async function open(name: string, options: BrowserContextOptions = {}) {
  const file = join(folder, 'status.html')
  writeFileSync(file, toPage(reports[name] ?? reportOf(1)))
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const [requests, complaints]: [string[], string[]] = [[], []]
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  const url = pathToFileURL(file).href
  await page.goto(url)
  const others = requests.filter((request) => request !== url && !request.startsWith('data:'))
  return { page, others, complaints, close: () => context.close() }
}

/** Rules of WCAG that the page breaks. axe runs outside the page's policy. */
async function violationsOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<{ violations: readonly { id: string }[] }>('axe.run()')
  return violations.map(({ id }) => id)
}

for (const name of Object.keys(reports)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    withBrowser(`status page: axe-core finds nothing, ${name}, ${colorScheme}`, async () => {
      const { page, others, complaints, close } = await open(name, { colorScheme })
      expect(await violationsOn(page)).toEqual([])
      for (const summary of await page.locator('summary').all()) await summary.click()
      expect(await violationsOn(page)).toEqual([])
      expect({ others, complaints }).toEqual({ others: [], complaints: [] })
      await close()
    })
  }
}

withBrowser('status page: dark is dark, and paper is white whatever the screen is', async () => {
  const { page, close } = await open('usual', { colorScheme: 'dark' })
  const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  expect(await ground()).toBe('rgb(18, 21, 26)')
  await page.emulateMedia({ media: 'print' })
  expect(await ground()).toBe('rgb(255, 255, 255)')
  await close()
})

withBrowser('status page: without JavaScript everything is there to be read', async () => {
  const { page, close } = await open('usual', { javaScriptEnabled: false })
  const text = (await page.locator('body').textContent()) ?? ''
  for (const words of ['75 %', '8 runs of 10', 'too large', 'Users left, by day', '21 Nov 2026']) {
    expect(text).toContain(words)
  }
  await page.locator('summary').first().click()
  expect(await page.locator('details table').first().isVisible()).toBe(true)
  await close()
})

withBrowser('status page: fits a narrow screen, and its text keeps its size', async () => {
  for (const width of [320, 360, 1100]) {
    const { page, close } = await open('usual', { viewport: { width, height: 700 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    const tick = await page.locator('.tick').first().boundingBox()
    expect(tick?.height).toBeGreaterThan(11)
    await close()
  }
})

withBrowser('status page: by keyboard every table is reached, opened and scrolled', async () => {
  const { page, close } = await open('usual')
  const reached: string[] = []
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab')
    const name = await page.evaluate<string>(
      'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
    )
    if (reached[0] === name) break
    reached.push(name)
    if (name.includes('the numbers')) await page.keyboard.press('Enter')
  }
  expect(reached[0]).toBe('Skip to the status')
  for (const name of ['Users left, by day', 'Users left, projected', 'Users migrated, by day']) {
    expect(reached).toEqual(expect.arrayContaining([`${name}: the numbers`, name]))
  }
  await close()
})

withBrowser('status page: each chart says in words what it shows', async () => {
  const { page, close } = await open('usual')
  for (const name of [/left to migrate, by day/, /who migrated, by day/, /not whole, by cause/]) {
    expect(await page.getByRole('img', { name }).count()).toBe(1)
  }
  const described = await page.locator('#burn-down-text').textContent()
  expect(described).toMatch(/from 120,000 users on .* to [\d,]+ today\. Projected on/)
  await close()
})

test('status page: names nobody, even where a legacy id is an e-mail address', () => {
  for (const report of Object.values(reports))
    expect(toPage(report)).not.toMatch(/@legacy\.example/)
})

test('status page: what a connection is called is text and nothing else', () => {
  const connection = '<img src=x onerror=alert(1)>"\'&'
  expect(toPage(reportOf(20, { connection }))).not.toContain('<img')
})
