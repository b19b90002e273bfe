import type { Path } from './paths.ts'
import type { CodeKind } from './roles.ts'

/** How the arguments of an HTTP client are read. */
type Family = 'axios' | 'fetch' | 'node' | 'options' | 'xhr'

const modules: Readonly<Record<string, Family>> = {
  axios: 'axios',
  bent: 'options',
  '@angular/common/http': 'axios',
  'cross-fetch': 'fetch',
  got: 'options',
  http: 'node',
  https: 'node',
  'isomorphic-fetch': 'fetch',
  jquery: 'axios',
  ky: 'options',
  needle: 'axios',
  'node-fetch': 'fetch',
  'node-fetch-native': 'fetch',
  'postman-request': 'options',
  request: 'options',
  'request-promise': 'options',
  'request-promise-native': 'options',
  superagent: 'axios',
  undici: 'fetch',
  unfetch: 'fetch',
}

/** Clients that are there without an import: of the browser, and of the page’s own scripts. */
const globals: Readonly<Record<string, Family>> = {
  $: 'axios',
  $http: 'axios',
  axios: 'axios',
  fetch: 'fetch',
  jQuery: 'axios',
}

/** What makes a client with defaults, and names under which a module exports itself. */
const onTheWay = [
  'HttpClient',
  'axios',
  'create',
  '()',
  'default',
  'defaults',
  'extend',
  'fetch',
  'got',
  'instance',
  'ky',
  'new()',
]

const verbs: Readonly<Record<string, string | null>> = {
  ajax: null,
  del: 'DELETE',
  delete: 'DELETE',
  get: 'GET',
  getJSON: 'GET',
  head: 'HEAD',
  patch: 'PATCH',
  post: 'POST',
  put: 'PUT',
  request: null,
}

export interface Client {
  readonly family: Family
  readonly name: string
  /** As the name of the function says it; null where the options do. */
  readonly verb: string | null
}

/** The client that is called by this path; null for whatever else is called. */
export function clientOf(path: Path, kind: CodeKind): Client | null {
  const [root = '', ...rest] = path
  if (path.join(' ') === 'XMLHttpRequest new() open') {
    return { family: 'xhr', name: 'XMLHttpRequest', verb: null }
  }
  if (root === 'this') return clientOfThis(rest)
  const name = root.replace(/^module:/, '')
  const family = root.startsWith('module:') ? modules[name] : familyOfGlobal(root, kind)
  if (family === undefined) return null
  const [method, ...more] = rest.filter((part) => !onTheWay.includes(part))
  if (more.length > 0) return null
  if (method === undefined)
    return rest.at(-1) === '()' || family === 'node' ? null : { family, name, verb: null }
  const known = verbs[method]
  return known === undefined ? null : { family, name, verb: known }
}

/** What frameworks put on a component or hand to its constructor: of Angular, of Vue, of Nuxt. */
function clientOfThis([property = '', written = '', ...more]: Path): Client | null {
  const isKnown = ['$axios', '$http', '_http', 'http', 'httpClient'].includes(property)
  // Nuxt has `$post` beside `post`.
  const known = verbs[written.replace(/^\$/, '')]
  return isKnown && more.length === 0 && typeof known === 'string'
    ? { family: 'axios', name: 'HttpClient', verb: known }
    : null
}

/** `request` was a global of Rules and database scripts. */
function familyOfGlobal(root: string, kind: CodeKind): Family | undefined {
  if (root === 'request' && kind !== 'source') return 'options'
  return Object.hasOwn(globals, root) ? globals[root] : undefined
}
