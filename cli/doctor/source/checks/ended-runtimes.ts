import { migrationNamed } from '../../migrations/find-migration.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { pathsOf } from '../code/paths.ts'
import type { Node } from '../code/tree.ts'
import { type Check, extensibility, type Sighting, withCallback } from './check.ts'

/** https://auth0.com/docs/troubleshoot/product-lifecycle/past-migrations/migrate-to-nodejs-16 */
const globals = [
  '_',
  'async',
  'azure_storage',
  'bcrypt',
  'cassandra',
  'couchbase',
  'jwt',
  'knex',
  'mongo',
  'mysql',
  'node_cassandra_cql',
  'pg',
  'postgres',
  'q',
  'querystring',
  'request',
  'sqlserver',
  'uuid',
  'xml2js',
  'xmldom',
  'xpath',
  'xtend',
]

const presetGlobals: Check = {
  kind: migrationNamed('node-12-to-16'),
  in: withCallback,
  find: (code) => {
    const seen = new Map<string, Sighting>()
    for (const node of code.tree.nodes) {
      if (node.type !== 'Identifier' || code.names.has(node) || !isUsed(code, node)) continue
      if (!globals.includes(node.name) && !isNodeCrypto(code, node)) continue
      const what = `Uses ${node.name} without require(): Node 16 and later have no such global here.`
      if (!seen.has(node.name)) seen.set(node.name, { node, what })
    }
    return [...seen.values()]
  },
}

/** As the head of an expression: not as the name of a property, and not only asked for. */
function isUsed({ tree }: Code, node: Node): boolean {
  const parent = tree.parents.get(node)
  if (parent?.type === 'MemberExpression') return parent.object === node
  return (
    (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') &&
    parent.callee === node
  )
}

/** `crypto` is a global again, but the one of the Web. */
function isNodeCrypto({ tree }: Code, node: Node): boolean {
  const parent = tree.parents.get(node)
  if (node.type !== 'Identifier' || node.name !== 'crypto' || parent?.type !== 'MemberExpression')
    return false
  return /^(create(Hash|Hmac|Cipher|Decipher)|pbkdf2|randomBytes|scrypt)/.test(
    nameOf(parent.property) ?? '',
  )
}

function needing(id: string, modules: readonly string[]): Check {
  return {
    kind: migrationNamed(id),
    in: extensibility,
    find: (code) =>
      code.tree.nodes.flatMap((node) => {
        if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return []
        if (node.callee.name !== 'require') return []
        const found = pathsOf(code, node).some(([module = '']) => modules.includes(module))
        return found
          ? [{ node, what: 'Requires a module that Auth0’s runtimes do not have any more.' }]
          : []
      }),
  }
}

export const endedRuntimeChecks: readonly Check[] = [
  presetGlobals,
  needing('edge-js', ['module:edge', 'module:edge-js']),
  needing('oracledb', ['module:oracledb']),
]
