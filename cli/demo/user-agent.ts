/** A person's browser, as far as a login needs one: cookies, redirects, one form at a time. */

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export interface UserAgent {
  /** Follows redirects until a page, or until one leads to `stopAt`: that URL is the answer. */
  open(url: string, stopAt: string): Promise<Page | URL>
  /** Fills in the form of a page by the names of its fields, and sends it. */
  submit(page: Page, fields: Readonly<Record<string, string>>, stopAt: string): Promise<Page | URL>
}

interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
}

export function createUserAgent(fetch: Fetch): UserAgent {
  const cookies = new Map<string, string>()

  async function go(url: string, stopAt: string, init: RequestInit = {}): Promise<Page | URL> {
    if (url.startsWith(stopAt)) return new URL(url)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...init.headers, ...(cookie === '' ? {} : { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(cookies, line)
    const location = response.headers.get('location')
    if (location !== null) return go(new URL(location, url).href, stopAt)
    return { url, status: response.status, html: await response.text() }
  }

  return {
    open: (url, stopAt) => go(url, stopAt),
    submit(page, fields, stopAt) {
      const body = new URLSearchParams({ ...hiddenFields(page.html), ...fields })
      const action = /<form[^>]*\saction="([^"]*)"/.exec(page.html)?.[1] ?? page.url
      const target = new URL(decodeEntities(action), page.url).href
      return go(target, stopAt, { method: 'POST', body })
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const [name = '', value = ''] = pair.split(/=(.*)/s)
  if (value === '' || /max-age=0/i.test(line)) cookies.delete(name.trim())
  else cookies.set(name.trim(), value)
}

function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [tag] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /\sname="([^"]*)"/.exec(tag)?.[1]
    if (name !== undefined) fields[name] = decodeEntities(/\svalue="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  return fields
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
