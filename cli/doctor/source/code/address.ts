import type { Code } from './code.ts'
import { pathsOf } from './paths.ts'
import { hole, type Text } from './texts.ts'

/** A URL, as far as it is known. */
export interface Address {
  readonly scheme: string
  /** Lower case. Empty: relative. */
  readonly host: string
  readonly path: string
  /** With its `?`; empty where there is none. */
  readonly query: string
}

const absolute = /^(?:([a-z]+|\uFFFC):)?\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/is
const unknownBase = /^(\uFFFC[^/?#\s]*)(\/[^?#]*)?(\?[^#]*)?/

/** Null for a text that is no address: one with a blank before its query, above all. */
export function addressOf({ text }: Text): Address | null {
  if (/[\s<>"{}]/.test(text.replace(/\?.*$/s, ''))) return null
  const whole = absolute.exec(text)
  if (whole !== null) {
    const [, scheme = '', host = '', path = '', query = ''] = whole
    return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), path: plain(path), query }
  }
  const based = unknownBase.exec(text)
  if (based !== null) {
    const [, base = '', path = '', query = ''] = based
    // A base that ends in a slash: `${issuer}tokeninfo`.
    const first = base.slice(hole.length)
    if (path === '' && first !== '' && !first.startsWith('.') && !first.startsWith(':')) {
      return { scheme: '', host: hole, path: `/${first}`, query }
    }
    return { scheme: '', host: base.toLowerCase(), path: plain(path), query }
  }
  const [, path = '', query = ''] = /^(\/[^?#]*)(\?[^#]*)?/.exec(text) ?? []
  return path === '' ? null : { scheme: '', host: '', path: plain(path), query }
}

/** `//tokeninfo/` is `/tokeninfo`: a base often ends in the slash that the path begins with. */
function plain(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}

/** Whether an address may be one of Auth0; where the host is not known, by what else is in the code. */
export function mayBeAuth0({ host }: Address, code: Code): boolean {
  // A page asks its own server by it, which may have endpoints of the same names.
  if (host === '') return false
  if (/(^|\.)auth0\.com(:443)?$/.test(host)) return true
  if (isForeign(host)) return false
  return mentionsAuth0(code)
}

/**
 * Whether an address is one of Auth0 for sure: by its host, or because the host is called so:
 * `https://${process.env.AUTH0_DOMAIN}/…`.
 */
export function isAuth0({ host, scheme }: Address, { holes }: Text, code: Code): boolean {
  if (/(^|\.)auth0\.com(:\d+)?$/.test(host)) return true
  const [first] = holes
  if (scheme === '' || host !== hole || first === undefined) return false
  return pathsOf(code, first).some((path) => {
    const name = path.join(' ')
    return /auth0/i.test(name) && !/fake|local|mock|proxy|stub|test/i.test(name)
  })
}

/** Whoever has an endpoint of the same name. */
export function isForeign(host: string): boolean {
  return /(^|\.)(googleapis\.com|google\.com|amazonaws\.com)$|^(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(
    host,
  )
}

const mentions = new WeakMap<Code, boolean>()

/** In a name, a property or a text; not in a comment. Code that Auth0 runs does in any case. */
export function mentionsAuth0(code: Code): boolean {
  const known = mentions.get(code)
  if (known !== undefined) return known
  const found =
    code.kind !== 'source' ||
    code.tree.nodes.some((node) => {
      if (node.type === 'Identifier') return /auth0/i.test(node.name)
      if (node.type === 'Literal')
        return typeof node.value === 'string' && /auth0/i.test(node.value)
      return node.type === 'TemplateElement' && /auth0/i.test(node.value.raw)
    })
  mentions.set(code, found)
  return found
}
