import { mayBeAuth0 } from '../code/address.ts'
import { argumentsNamed, sdkCalls } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { propertiesOf } from '../code/properties.ts'
import { type HttpRequest, requestsOf, requestsTo } from '../code/requests.ts'
import { hole, type Text, textsOf } from '../code/texts.ts'
import { bare, type Node } from '../code/tree.ts'
import { type Check, everywhere, migrationScripts } from './check.ts'

const searchDocs = 'https://auth0.com/docs/manage-users/user-search/user-search-best-practices'
const searchMethods = ['getUsers', 'users.getAll', 'users.list']

function searchesOf(code: Code): readonly HttpRequest[] {
  return requestsTo(code, /\/api\/v2\/users$/, ['GET']).filter(({ to }) =>
    to.some(({ address }) => mayBeAuth0(address, code)),
  )
}

const unescapedSearch: Check = {
  kind: {
    id: 'unescaped-user-search',
    severity: 'error',
    title: 'User search with an address that is put in as it is',
    why: 'The query language has quotes, wildcards and OR: an address that somebody typed can ask for another user, or for all of them. In a query string, + is a blank.',
    remedy:
      'Ask GET /api/v2/users-by-email, with encodeURIComponent(email.toLowerCase()), which compares and does not search.',
    link: searchDocs,
  },
  in: everywhere,
  find: (code) => {
    const inAddress = requestsOf(code).filter(({ to }) =>
      to.some(({ address, text }) => {
        if (!mayBeAuth0(address, code)) return false
        const at = address.path.endsWith('/api/v2/users') ? /[?&]q=/ : /[?&]email=/
        return isLookup(address.path) && isRaw(code, text, at, address.path.endsWith('-by-email'))
      }),
    )
    const asked = searchesOf(code).filter(({ queries }) =>
      queries
        .flatMap((one) => propertiesOf(code, one).all.get('q') ?? [])
        .some((one) => isRawQuery(code, one)),
    )
    const called = sdkCalls(code, 'management', ...searchMethods).filter((node) =>
      argumentsNamed(code, node, 'q').some((one) => isRawQuery(code, one)),
    )
    const nodes = [
      ...inAddress.map(({ node }) => node),
      ...asked.map(({ node }) => node),
      ...called,
    ]
    return nodes.map((node) => ({ node, what: 'A value is put into the search as it is.' }))
  },
}

function isLookup(path: string): boolean {
  return /\/api\/v2\/users(-by-email)?$/.test(path)
}

/** Whether what fills a hole after the mark may be anything. */
function isRaw(code: Code, { text, holes }: Text, mark: RegExp, encoded: boolean): boolean {
  const start = mark.exec(text)?.index
  if (start === undefined) return false
  const before = text.slice(0, start).split(hole).length - 1
  const count = text.slice(start).split('&').slice(0, 2).join('&').split(hole).length - 1
  const here = holes.slice(before, before + count)
  return isAsked(code, text.slice(start))
    ? here.some((one) => isRawValue(code, one, encoded))
    : here.some((one) => isEncodedQuery(code, one))
}

/**
 * What an application puts into a search may be its own; an e-mail address is what somebody typed. What
 * Auth0 runs has nothing but what somebody typed.
 */
function isAsked({ kind }: Code, text: string): boolean {
  return kind !== 'source' || /email(\.raw)?([:=]|%3A)(["\\*]|%22)*\uFFFC/i.test(text)
}

function isEncodedQuery(code: Code, node: Node): boolean {
  const value = bare(node)
  if (value.type !== 'CallExpression') return false
  const [inner] = value.arguments
  return nameOf(bare(value.callee)) === 'encodeURIComponent' && inner !== undefined
    ? isRawQuery(code, inner)
    : false
}

function isRawQuery(code: Code, node: Node): boolean {
  return textsOf(code, node).some(({ text, holes }) =>
    text.includes(':') && isAsked(code, text)
      ? holes.some((one) => isRawValue(code, one, false))
      : false,
  )
}

/**
 * What is called to make a value safe is trusted to: `replace`, anything with "escape" in its name.
 * Encoding for a URL is that for a comparison, but no escape for the query language.
 */
function isRawValue(code: Code, node: Node, encoded: boolean): boolean {
  const value = bare(node)
  if (value.type !== 'CallExpression') return true
  const callee = bare(value.callee)
  const name = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee)
  if (name === 'encodeURIComponent' || name === 'escape') {
    const [inner] = value.arguments
    return !encoded && inner !== undefined && (isRawQuery(code, inner) || !hasColon(code, inner))
  }
  const keepsIt = ['toLowerCase', 'trim', 'toString', 'String'].includes(name ?? '')
  if (keepsIt && callee.type === 'MemberExpression') return isRawValue(code, callee.object, encoded)
  return keepsIt
}

function hasColon(code: Code, node: Node): boolean {
  return textsOf(code, node).some(({ text }) => text.includes(':'))
}

const searchInLogin: Check = {
  kind: {
    id: 'user-search-in-login',
    severity: 'warning',
    title: 'User search where a login waits for it',
    why: 'The search is eventually consistent: a user who was made or changed a moment ago is not found, or found as he was.',
    remedy: 'Ask GET /api/v2/users-by-email or GET /api/v2/users/{id}, which are consistent.',
    link: searchDocs,
  },
  in: [...migrationScripts, 'action', 'rule'],
  find: (code) =>
    [
      ...searchesOf(code).map(({ node }) => node),
      ...sdkCalls(code, 'management', ...searchMethods),
    ].map((node) => ({ node, what: 'Searches users in the course of a login.' })),
}

export const userSearchChecks: readonly Check[] = [unescapedSearch, searchInLogin]
