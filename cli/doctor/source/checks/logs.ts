import type { Severity } from '../../finding.ts'
import { callsIn } from '../code/calls.ts'
import type { Code } from '../code/code.ts'
import { type Path, pathsOf, startsWith } from '../code/paths.ts'
import { bare, type Node } from '../code/tree.ts'
import { type Check, extensibility } from './check.ts'

export const personalDataInLog: Check = {
  kind: {
    id: 'personal-data-in-log',
    severity: 'warning',
    title: 'User, password or secret in a log',
    why: 'Logs are read by many, sent on and kept: an address is personal data there, a password is known.',
    remedy: 'Log a code and user_id, and nothing that a user has typed.',
    link: 'https://auth0.com/docs/customize/actions/action-coding-guidelines',
  },
  in: extensibility,
  find: (code) =>
    callsIn(code).flatMap(({ node, paths }) => {
      if (!paths.some((path) => startsWith(path, 'console', '*') && path.length === 2)) return []
      const worst = node.arguments
        .flatMap((one) => leavesOf(one, 5))
        .map((leaf) => sensitivity(code, leaf))
      if (worst.includes('error')) {
        return [{ node, what: 'A password or a secret is logged.', severity: 'error' as const }]
      }
      return worst.includes('warning') ? [{ node, what: 'What is known of a user is logged.' }] : []
    }),
}

/** What is printed as it is: not what is worked out of it. */
function leavesOf(node: Node, depth: number): readonly Node[] {
  const value = bare(node)
  const on = (one: Node) => (depth === 0 ? [] : leavesOf(one, depth - 1))
  switch (value.type) {
    case 'TemplateLiteral':
      return value.expressions.flatMap(on)
    case 'BinaryExpression':
      return value.operator === '+' ? [value.left, value.right].flatMap(on) : []
    case 'ArrayExpression':
      return value.elements.flatMap((one) => (one === null ? [] : on(one)))
    case 'ObjectExpression':
      return value.properties.flatMap((one) => (one.type === 'Property' ? on(one.value) : []))
    case 'CallExpression': {
      const { callee } = value
      const name =
        callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
          ? callee.property.name
          : ''
      return ['inspect', 'stringify'].includes(name) ? value.arguments.slice(0, 1).flatMap(on) : []
    }
    case 'LogicalExpression':
      return [value.left, value.right].flatMap(on)
    default:
      return [value]
  }
}

function sensitivity(code: Code, node: Node): Severity | null {
  const found = pathsOf(code, node).map((path) => sensitivityOf(code, path))
  return found.includes('error') ? 'error' : (found.find((one) => one !== null) ?? null)
}

function sensitivityOf({ kind }: Code, path: Path): Severity | null {
  const text = path.join(' ')
  if (kind === 'action') return ofAction(text)
  if (/^(user )?password$/.test(text) || text === 'configuration') return 'error'
  if (/^(email|newEmail|user|context)$/.test(text)) return 'warning'
  return /^user (app_metadata|email|identities|name|phone_number|user_metadata)$/.test(text)
    ? 'warning'
    : null
}

function ofAction(text: string): Severity | null {
  if (/^event( secrets( \S+)?)?$/.test(text) || text === 'event request body password')
    return 'error'
  return /^event (request( body)?|user( (app_metadata|email|identities|name|phone_number|user_metadata))?)$/.test(
    text,
  )
    ? 'warning'
    : null
}
