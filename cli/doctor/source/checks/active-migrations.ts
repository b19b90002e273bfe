import { migrationNamed } from '../../migrations/find-migration.ts'
import { addressOf, mentionsAuth0 } from '../code/address.ts'
import { argumentsNamed, callsIn, methodOf, readsOf, sdkCalls } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { isPath, pathsOf } from '../code/paths.ts'
import { propertiesOf } from '../code/properties.ts'
import { requestsTo } from '../code/requests.ts'
import { textOf, textsOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { valuesOf } from '../code/values.ts'
import { type Check, everywhere, type Sighting } from './check.ts'

/** https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations */
const hidden = [
  'auth_session',
  'authn_response',
  'client_assertion',
  'client_secret',
  'refresh_token',
]

const requestProperties: Check = {
  kind: migrationNamed('event-request-properties'),
  in: ['action'],
  find: (code) => {
    const reads = readsOf(code, hidden).filter(({ paths }) =>
      paths.some((path) =>
        ['body', 'query'].some((part) => isPath(path, ['event', 'request', part, '*'])),
      ),
    )
    const asks = code.tree.nodes.filter(
      (node) =>
        node.type === 'BinaryExpression' &&
        node.operator === 'in' &&
        hidden.includes(textOf(code, node.left) ?? '') &&
        pathsOf(code, node.right).some(
          (path) =>
            isPath(path, ['event', 'request', 'body']) ||
            isPath(path, ['event', 'request', 'query']),
        ),
    )
    return [...reads.map(({ node }) => node), ...asks].map((node) => ({
      node,
      what: 'Reads a property of event.request that Auth0 hides.',
    }))
  },
}

const fromSandbox: Check = {
  kind: migrationNamed('from-sandbox-field'),
  in: everywhere,
  find: (code) =>
    mentionsAuth0(code)
      ? readsOf(code, ['fromSandbox']).map(({ node }) => ({
          node,
          what: 'Reads fromSandbox of an error, which is not sent any more.',
        }))
      : [],
}

const enabledClients: Check = {
  kind: migrationNamed('connection-enabled-clients'),
  in: everywhere,
  find: (code) =>
    [
      ...requestsTo(code, /\/api\/v2\/connections(\/|$)/, ['PATCH', 'POST'])
        .filter(({ bodies }) =>
          bodies.some((one) => propertiesOf(code, one).all.has('enabled_clients')),
        )
        .map(({ node }) => node),
      ...sdkCalls(
        code,
        'management',
        'connections.create',
        'connections.update',
        'createConnection',
        'updateConnection',
      ).filter((node) => argumentsNamed(code, node, 'enabled_clients').length > 0),
    ]
      .map((node): Sighting => ({ node, what: 'Sets enabled_clients of a connection.' }))
      .concat(
        readsOf(code, ['enabled_clients'])
          .filter(({ paths }) => paths.some((path) => connectionRead.test(path.join(' '))))
          .map(({ node }) => ({
            node,
            what: 'Reads enabled_clients of a connection, which no answer has.',
          })),
      ),
}

/** What the SDK gives of a connection. */
const connectionRead =
  /^module:auth0 ManagementClient new\(\) (getConnections?|connections (get|getAll|list)) \(\) /

const assertionAudience: Check = {
  kind: migrationNamed('private-key-jwt-audience'),
  in: everywhere,
  find: (code) => {
    if (!sendsAssertion(code)) return []
    return callsIn(code).flatMap(({ node, paths }) => {
      const names = paths.map((path) => path.join(' '))
      const claims = names.includes('module:jsonwebtoken sign')
        ? ['aud', 'audience'].flatMap((name) => argumentsNamed(code, node, name))
        : []
      const set = methodOf(node) === 'setAudience' ? node.arguments.slice(0, 1) : []
      const what = [...claims, ...set].map((one) => wrongAudience(code, one)).find((one) => one)
      // A setting does not show what is sent; this does.
      return what === undefined || what === null ? [] : [{ node, what, severity: 'warning' }]
    })
  },
}

/** Null where it may be the issuer. */
function wrongAudience(code: Code, audience: Node): string | null {
  const must = 'the audience has to be the issuer, as one text.'
  if (valuesOf(code, audience).some(({ node }) => node.type === 'ArrayExpression')) {
    return `Signs a client assertion for a list of audiences; ${must}`
  }
  const isEndpoint = textsOf(code, audience).some(
    (text) => addressOf(text)?.path === '/oauth/token',
  )
  return isEndpoint ? `Signs a client assertion for the token endpoint; ${must}` : null
}

function sendsAssertion({ tree }: Code): boolean {
  const names = ['client_assertion', 'clientAssertion']
  return tree.nodes.some(
    (node: Node) => node.type === 'Property' && names.includes(nameOf(node.key) ?? ''),
  )
}

export const activeMigrationChecks: readonly Check[] = [
  requestProperties,
  fromSandbox,
  enabledClients,
  assertionAudience,
]
