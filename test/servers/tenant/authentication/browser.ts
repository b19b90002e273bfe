import type { Fetch } from './tenant-under-test.ts'

/** Cookies and redirects, as far as a login needs them. */
export interface Browser {
  /** Follows redirects within the tenant. */
  go(url: string, init?: RequestInit): Promise<Visit>
  /** Sends the one form of a page, with its hidden fields. */
  submit(page: Visit, fields: Readonly<Record<string, string>>): Promise<Visit>
  readonly cookies: Map<string, string>
}

export interface Visit {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where the tenant sent the browser, away from itself. */
  readonly left: URL | null
}

export function createBrowser(fetch: Fetch): Browser {
  const cookies = new Map<string, string>()
  async function go(url: string, init: RequestInit = {}): Promise<Visit> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie } })
    for (const line of response.headers.getSetCookie()) keep(line)
    const { headers, status } = response
    const visit = { url, status, headers, text: await response.text(), left: null }
    const location = headers.get('location')
    if (location === null) return visit
    const target = new URL(location, url)
    return target.origin === new URL(url).origin ? go(target.href) : { ...visit, left: target }
  }
  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/Max-Age=0/i.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  return {
    cookies,
    go,
    submit(page, fields) {
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1]
      if (action === undefined) throw new Error(`no form at ${page.status} ${page.text}`)
      const hidden = [...page.text.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)]
      const known = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]))
      const body = new URLSearchParams({ ...known, ...fields })
      return go(new URL(action, page.url).href, { method: 'POST', body })
    },
  }
}
