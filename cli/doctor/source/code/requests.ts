import { type Address, addressOf } from './address.ts'
import { type Client, clientOf } from './clients.ts'
import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { pathsOf } from './paths.ts'
import { propertiesOf } from './properties.ts'
import { queriesIn, sentByXhr, sentLater } from './sent.ts'
import { type Text, textOf, textsOf } from './texts.ts'
import { bare, isFunction, type Node, type NodeOf } from './tree.ts'
import { valuesOf } from './values.ts'

/** A request that the code makes by an HTTP client that is known. */
export interface HttpRequest {
  readonly node: Node
  readonly client: Client
  /** Upper case; null where it is not known. */
  readonly method: string | null
  /** What it may be sent to. */
  readonly to: readonly { readonly address: Address; readonly text: Text }[]
  readonly bodies: readonly Node[]
  /** What becomes the query string, where it is not in the address. */
  readonly queries: readonly Node[]
  readonly options: ReadonlyMap<string, readonly Node[]>
  /** False where there may be options that cannot be seen. */
  readonly whole: boolean
}

const known = new WeakMap<Code, readonly HttpRequest[]>()

export function requestsOf(code: Code): readonly HttpRequest[] {
  const found = known.get(code)
  if (found !== undefined) return found
  const requests = code.tree.nodes.flatMap((node) =>
    node.type === 'CallExpression' ? (requestOf(code, node) ?? []) : [],
  )
  known.set(code, requests)
  return requests
}

function requestOf(code: Code, node: NodeOf<'CallExpression'>): HttpRequest | null {
  const client = pathsOf(code, node.callee)
    .map((path) => clientOf(path, code.kind))
    .find((one) => one !== null)
  if (client === undefined) return null
  const data = client.family === 'axios' && ['PATCH', 'POST', 'PUT'].includes(client.verb ?? '')
  const [first, second] = node.arguments
  const { options, whole } = optionsOf(code, node, data)
  const to = addressesOf(code, client.family === 'xhr' ? second : first, options)
  const bodies = ['body', 'data', 'json', 'form', 'formData', 'payload'].flatMap(
    (key) => options.get(key) ?? [],
  )
  return {
    node,
    client,
    method: methodOf(code, client, first, options, whole),
    to,
    bodies: [
      ...bodies,
      ...(data && second !== undefined ? [second] : []),
      ...(client.family === 'xhr' ? sentByXhr(code, node) : sentLater(code, node)),
    ],
    queries: [
      ...['params', 'qs', 'query', 'searchParams'].flatMap((key) => options.get(key) ?? []),
      ...queriesIn(
        code,
        first,
        to.map(({ text }) => text),
      ),
    ],
    options,
    whole,
  }
}

function methodOf(
  code: Code,
  { family, verb }: Client,
  first: Node | undefined,
  options: HttpRequest['options'],
  whole: boolean,
): string | null {
  if (verb !== null) return verb
  const named = family === 'xhr' ? first : (options.get('method') ?? options.get('type'))?.[0]
  if (named !== undefined) return textOf(code, named)?.toUpperCase() ?? null
  return whole ? 'GET' : null
}

/** Of every argument that is an object, and of the client that was made with defaults. */
function optionsOf(
  code: Code,
  { callee, arguments: given }: NodeOf<'CallExpression'>,
  data: boolean,
): { readonly options: Map<string, readonly Node[]>; readonly whole: boolean } {
  const options = new Map<string, readonly Node[]>()
  let whole = true
  const isOption = (one: Node, at: number) => !isFunction(one) && !(data && at === 1)
  const made = given.filter((one, at) => isOption(one, at) && !isText(code, one, at))
  for (const one of [...defaultsOf(code, callee), ...made]) {
    const properties = propertiesOf(code, one)
    whole &&= properties.whole
    for (const [key, nodes] of properties.all) options.set(key, nodes)
  }
  return { options, whole }
}

/** An address that comes first is no object, whatever it is made of. */
function isText(code: Code, node: Node, at: number): boolean {
  const values = valuesOf(code, node)
  if (values.some(({ node: one }) => one.type === 'ObjectExpression')) return false
  if (at === 0) return true
  return values.every(({ node: one }) => one.type === 'Literal' || one.type === 'TemplateLiteral')
}

function defaultsOf(code: Code, callee: Node): readonly Node[] {
  const bareCallee = bare(callee)
  const objects = bareCallee.type === 'MemberExpression' ? [bareCallee.object] : []
  // `const { post } = axios.create(…)`
  const taken = (code.names.get(bareCallee)?.definitions ?? []).flatMap((one) =>
    one.type === 'value' ? [one.node] : [],
  )
  return [bareCallee, ...objects, ...taken].flatMap((one) =>
    valuesOf(code, one).flatMap(({ node }) => {
      if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
      const makes = ['create', 'defaults', 'extend'].includes(nameOf(node.callee.property) ?? '')
      return makes ? node.arguments.slice(0, 1) : []
    }),
  )
}

function addressesOf(
  code: Code,
  first: Node | undefined,
  options: HttpRequest['options'],
): HttpRequest['to'] {
  const text = (key: string): readonly Text[] =>
    (options.get(key) ?? []).flatMap((one) => textsOf(code, one))
  const isObject =
    first !== undefined &&
    valuesOf(code, first).some(({ node }) => node.type === 'ObjectExpression')
  const given = first === undefined || isObject ? [] : textsOf(code, first)
  const hosts = [...text('hostname'), ...text('host')].map((one) => ({
    ...one,
    text: `https://${one.text}`,
  }))
  const bases = [...text('baseURL'), ...text('baseUrl'), ...text('prefixUrl'), ...hosts]
  const paths = [...given, ...text('url'), ...text('uri'), ...text('path')]
  const texts = paths.flatMap((path) =>
    bases.length === 0 || /^(https?:)?\/\//.test(path.text)
      ? [path]
      : bases.map((base) => under(base, path)),
  )
  return texts.flatMap((one) => {
    const address = addressOf(one)
    return address === null ? [] : [{ address, text: one }]
  })
}

function under(base: Text, path: Text): Text {
  const text = `${base.text.replace(/\/$/, '')}/${path.text.replace(/^\//, '')}`
  return { text, holes: [...base.holes, ...path.holes] }
}

/** Requests by method and path; the path is held against the end of what is known of it. */
export function requestsTo(
  code: Code,
  path: RegExp,
  methods: readonly string[],
): readonly HttpRequest[] {
  return requestsOf(code).filter(
    ({ method, to }) =>
      method !== null &&
      methods.includes(method) &&
      to.some(({ address }) => path.test(address.path)),
  )
}
