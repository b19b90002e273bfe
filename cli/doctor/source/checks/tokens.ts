import { callsIn, methodOf } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { isPath, type Path, pathsOf, startsWith } from '../code/paths.ts'
import { requestsOf } from '../code/requests.ts'
import { textOf } from '../code/texts.ts'
import type { Node } from '../code/tree.ts'
import { propertiesRead } from '../code/uses.ts'
import { type Check, extensibility, migrationScripts } from './check.ts'
import { metadataWrites } from './metadata-writes.ts'

const unverifiedJwt: Check = {
  kind: {
    id: 'unverified-jwt',
    severity: 'error',
    title: 'Token that is read and not verified',
    why: 'Anybody can write a token that says anything: only its signature, issuer and audience say whose it is.',
    remedy: 'Verify it by the JWKS of its issuer (jwtVerify of jose), with issuer and audience.',
    link: 'https://auth0.com/docs/secure/tokens/json-web-tokens/validate-json-web-tokens',
  },
  in: extensibility,
  find: (code) => {
    const calls = callsIn(code)
    if (calls.some(({ paths }) => paths.some((path) => verifiers.includes(path.join(' ')))))
      return []
    return calls.flatMap(({ node, paths }) => {
      const [first] = node.arguments
      const decodes = paths.some((path) => decoders.includes(path.join(' ')))
      const unpacks =
        first !== undefined &&
        paths.some((path) => unpacks64(code, path, node.arguments[1])) &&
        pathsOf(code, first).some(isPayload)
      return (decodes || unpacks) && saysWho(code, node)
        ? [{ node, what: 'A token is decoded, and nothing in the code verifies one.' }]
        : []
    })
  },
}

/** Whose token it is and how long it holds is no statement about a user. */
function saysWho(code: Code, node: Node): boolean {
  const read = propertiesRead(code, node)
  return (
    read.size === 0 || [...read].some((name) => !['aud', 'exp', 'iat', 'iss', 'nbf'].includes(name))
  )
}

const verifiers = [
  'crypto subtle verify',
  'jwt verify',
  'module:crypto createVerify',
  'module:crypto subtle verify',
  'module:crypto verify',
  'module:crypto webcrypto subtle verify',
  'module:jose jwtVerify',
  'module:jsonwebtoken verify',
  'module:jose compactVerify',
]
const decoders = [
  'jwt decode',
  'jwt_decode',
  'module:jose decodeJwt',
  'module:jsonwebtoken decode',
  'module:jwt-decode',
  'module:jwt-decode jwtDecode',
]

/** `Buffer.from(text)` takes the text for what it is. */
function unpacks64(code: Code, path: Path, encoding: Node | undefined): boolean {
  if (isPath(path, ['atob'])) return true
  if (!/^(module:buffer )?Buffer from$/.test(path.join(' ')) || encoding === undefined) return false
  return /^base64(url)?$/.test(textOf(code, encoding) ?? 'base64')
}

/** The part between the dots, also when its alphabet was changed on the way. */
function isPayload(path: Path): boolean {
  const text = path.join(' ').replace(/( replace(All)? \(\))+$/, '')
  return text.endsWith('split . () 1')
}

const wholeMetadataInToken: Check = {
  kind: {
    id: 'whole-metadata-in-token',
    severity: 'warning',
    title: 'All metadata in a token',
    why: 'Whatever is kept of a user tomorrow is in every token then, for the application and the user to read; over 100 kB the login fails.',
    remedy: 'Copy what is needed, by name: the Action copy-metadata has a list for it.',
    link: 'https://auth0.com/docs/secure/tokens/json-web-tokens/create-custom-claims',
  },
  in: ['action', 'rule'],
  find: (code) =>
    [
      ...callsIn(code).flatMap(({ node, paths }) => {
        const value = node.arguments[1]
        const sets = paths.some((path) => startsWith(path, 'api', '*', 'setCustomClaim'))
        return sets && value !== undefined && isMetadata(code, value) ? [node] : []
      }),
      ...code.tree.nodes.filter(
        (node) =>
          node.type === 'AssignmentExpression' &&
          node.left.type === 'MemberExpression' &&
          pathsOf(code, node.left).some((path) =>
            /^context (idToken|accessToken) /.test(path.join(' ')),
          ) &&
          isMetadata(code, node.right),
      ),
    ].map((node) => ({ node, what: 'A whole metadata object becomes a claim.' })),
}

function isMetadata(code: Code, node: Node): boolean {
  return pathsOf(code, node).some((path) =>
    /^(event )?user (app|user)_metadata$/.test(path.join(' ')),
  )
}

const wholeMetadataWritten: Check = {
  kind: {
    id: 'whole-metadata-written',
    severity: 'warning',
    title: 'All metadata written back',
    why: 'What somebody else has written since the login began is overwritten by what was read before.',
    remedy: 'Write the one key that has changed.',
    link: 'https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata',
  },
  in: ['action', 'rule'],
  find: (code) =>
    metadataWrites(code).flatMap(({ node, value }) =>
      isMetadata(code, value) ? [{ node, what: 'A whole metadata object is written back.' }] : [],
    ),
}

const noTimeout: Check = {
  kind: {
    id: 'request-without-timeout',
    severity: 'warning',
    title: 'Request without a limit in time',
    why: 'When the other side hangs, the login hangs with it until Auth0 stops the code after 20 seconds, and everybody who waits takes a place that others need.',
    remedy:
      'Give it up after a few seconds: signal: AbortSignal.timeout(5000), or the timeout of the client.',
    link: 'https://auth0.com/docs/customize/actions/action-coding-guidelines',
  },
  in: [...migrationScripts, 'action', 'rule'],
  find: (code) => {
    const limits = ['cancelToken', 'signal', 'timeout', 'response_timeout', 'open_timeout']
    const races = callsIn(code).some(
      ({ node, paths }) =>
        paths.some((path) => isPath(path, ['Promise', 'race'])) ||
        ['setTimeout', 'timeout'].includes(limitOf(node)),
    )
    if (races) return []
    return requestsOf(code)
      .filter(({ options, whole }) => whole && !limits.some((name) => options.has(name)))
      .map(({ node }) => ({ node, what: 'A request waits for its answer as long as it takes.' }))
  },
}

/** `request.setTimeout()` of Node, `.timeout()` of superagent; not the timer of the platform. */
function limitOf(node: Parameters<typeof methodOf>[0]): string {
  return node.callee.type === 'MemberExpression' ? (methodOf(node) ?? '') : ''
}

export const tokenChecks: readonly Check[] = [
  unverifiedJwt,
  wholeMetadataInToken,
  wholeMetadataWritten,
  noTimeout,
]
