import { argumentsNamed, callsIn } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { pathsOf } from '../code/paths.ts'
import { textOf, textsOf } from '../code/texts.ts'
import type { Node, NodeOf } from '../code/tree.ts'
import { type Check, extensibility, type Sighting } from './check.ts'

const placeholder = /(##|@@)[A-Za-z_][\w-]*\1/

const secretInCode: Check = {
  kind: {
    id: 'secret-in-code',
    severity: 'error',
    title: 'Secret in code',
    why: 'Whoever may read the tenant, an export or the repository has it, and it is in their history for good.',
    remedy:
      'Keep it as a secret of the Action, or in the configuration of the connection, and change it: it is known.',
    link: 'https://auth0.com/docs/customize/actions/write-your-first-action',
  },
  in: extensibility,
  find: (code) => {
    const literals = code.tree.nodes.filter((node) => looksSecret(textOfLiteral(node)))
    const named = code.tree.nodes.flatMap((node) => namedSecret(code, node))
    const keys = callsIn(code).flatMap(({ node, paths }) => {
      const signs = paths.some((path) =>
        /^(module:jsonwebtoken|jwt) (sign|verify)$/.test(path.join(' ')),
      )
      const key = signs ? node.arguments[1] : undefined
      return key !== undefined && isValue(textOf(code, key)) ? [key] : []
    })
    const nodes = new Set([...literals, ...named, ...keys])
    return [...nodes].map((node) => ({ node, what: 'A secret stands in the code.' }))
  },
}

function textOfLiteral(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null
  return node.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? null)
    : null
}

/** What is a secret under any name: keys, tokens, and addresses with a password. */
export function looksSecret(text: string | null): boolean {
  if (text === null || placeholder.test(text)) return false
  return (
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{40}/.test(text) ||
    /^(sk|rk)_live_\w{10,}$|^AKIA[0-9A-Z]{16}$|^gh[pousr]_\w{30,}$|^xox[abp]-[\w-]{10,}$/.test(
      text,
    ) ||
    /^eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}$/.test(text) ||
    /^[a-z][a-z+]*:\/\/[^\s/:@]+:[^\s/@]+@[^\s/]/.test(text) ||
    /^(Bearer|Basic) [\w.~+/=-]{16,}$/.test(text)
  )
}

const secretName =
  /^(client_?secret|(x-)?api_?-?key|password|passwd|pwd|secret|access_?key|private_?key|connection_?string|auth_?token)$/i

/** A property of that name, whatever the text comes from: `client_secret: secret`; and a variable. */
function namedSecret(code: Code, node: Node): readonly Node[] {
  if (node.type === 'VariableDeclarator') return secretVariable(code, node)
  if (node.type === 'AssignmentExpression') {
    const { left, right } = node
    if (left.type !== 'MemberExpression' || left.computed) return []
    return secretName.test(nameOf(left.property) ?? '') && isValue(textOf(code, right))
      ? [right]
      : []
  }
  if (node.type !== 'Property' || code.tree.parents.get(node)?.type !== 'ObjectExpression')
    return []
  const name = nameOf(node.key) ?? ''
  return !node.computed && secretName.test(name) && isValue(textOf(code, node.value))
    ? [node.value]
    : []
}

const secretVariableName =
  /(^|_|[a-z](?=[A-Z]))(api_?key|client_?secret|secret|password|passwd|access_?key|private_?key)$/i

/** A variable may well have the name of a secret, or of a header, for its value. */
function secretVariable(code: Code, { id, init }: NodeOf<'VariableDeclarator'>): readonly Node[] {
  if (init === null || !secretVariableName.test(nameOf(id) ?? '')) return []
  const isRandom = textsOf(code, init).some(
    ({ text, holes }) =>
      holes.length === 0 &&
      /^(?=.*\d)(?=.*[a-z])[\w+/=~.-]{12,}$/i.test(text) &&
      !/^[A-Z\d]+(_[A-Z\d]+)+$|^[a-z\d]+([_.-][a-z\d]+)+$/.test(text) &&
      isValue(text),
  )
  return isRandom ? [init] : []
}

/** Not the name of a column, not a blank, not a placeholder. */
function isValue(text: string | null): boolean {
  if (text === null || text.length < 6 || placeholder.test(text)) return false
  return (
    !/^[a-z_.]+$|\s|BEGIN (PUBLIC|CERT)|^[*x]+$/i.test(text) ||
    /[A-Z].*[a-z].*\d|\d.*[a-z]/.test(text)
  )
}

const placeholderInCode: Check = {
  kind: {
    id: 'placeholder-in-code',
    severity: 'warning',
    title: 'Placeholder of deploy-cli in code',
    why: 'Where nothing replaces it, it is published as it is and the code works with the text; where something does, the value stands in the code for everybody to read.',
    remedy: 'Read the value from the secrets of the Action or from configuration.',
    link: 'https://github.com/auth0/auth0-deploy-cli/blob/master/docs/keyword-replacement.md',
  },
  in: extensibility,
  find: (code) => {
    const texts = code.tree.nodes.filter((node) => {
      if (node.type === 'TemplateElement') return placeholder.test(node.value.raw)
      return (
        node.type === 'Literal' && typeof node.value === 'string' && placeholder.test(node.value)
      )
    })
    const bareOnes = code.placeholders.map((offset) => ({ start: offset + code.shift }))
    return [...texts, ...bareOnes].map(
      (node): Sighting => ({ node, what: 'A placeholder stands in the code.' }),
    )
  },
}

const clientIdInCode: Check = {
  kind: {
    id: 'client-id-in-code',
    severity: 'note',
    title: 'Application told by an id in code',
    why: 'The id is another on every tenant: what was tried on the one does nothing, or something else, on the next.',
    remedy: 'Keep the id as a secret, or tell the application by its metadata.',
    link: 'https://auth0.com/docs/customize/actions/action-coding-guidelines',
  },
  in: ['action', 'hook', 'rule'],
  find: (code) =>
    code.tree.nodes.flatMap((node) => {
      if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node.operator)) return []
      const sides = [node.left, node.right]
      const isId = sides.some((one) => pathsOf(code, one).some(isClientId))
      const literal = sides.some((one) => /^[A-Za-z0-9_-]{20,}$/.test(textOf(code, one) ?? ''))
      return isId && literal ? [{ node, what: 'The id of an application stands in the code.' }] : []
    }),
}

function isClientId(path: readonly string[]): boolean {
  return ['context clientID', 'event client client_id'].includes(path.join(' '))
}

const tlsOff: Check = {
  kind: {
    id: 'tls-verification-off',
    severity: 'error',
    title: 'Certificate that is not verified',
    why: 'Whoever is on the way can answer in place of the store, and reads the passwords.',
    remedy: 'Leave verification on; hand the certificate of a private authority over as ca.',
    link: 'https://nodejs.org/docs/latest-v22.x/api/tls.html#tlsconnectoptions-callback',
  },
  in: extensibility,
  find: (code) =>
    [
      ...code.tree.nodes.filter(
        (node) =>
          node.type === 'Property' &&
          ['rejectUnauthorized', 'strictSSL'].includes(nameOf(node.key) ?? '') &&
          node.value.type === 'Literal' &&
          node.value.value === false,
      ),
      ...code.tree.nodes.filter(
        (node) =>
          node.type === 'AssignmentExpression' &&
          node.left.type === 'MemberExpression' &&
          nameOf(node.left.property) === 'NODE_TLS_REJECT_UNAUTHORIZED' &&
          textOf(code, node.right) === '0',
      ),
      ...callsIn(code)
        .map(({ node }) => node)
        .filter((node) =>
          argumentsNamed(code, node, 'trustServerCertificate').some(
            (one) => one.type === 'Literal' && one.value === true,
          ),
        ),
    ].map((node) => ({ node, what: 'The certificate of the other side is not verified.' })),
}

export const secretChecks: readonly Check[] = [
  secretInCode,
  placeholderInCode,
  clientIdInCode,
  tlsOff,
]
