import { type Answer, answersOf, guardsOf, saysOutage } from '../code/answers.ts'
import { callsAfter, isCallback } from '../code/callback-flow.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { pathsOf } from '../code/paths.ts'
import { bare, isFunction, type Node, type NodeOf, within } from '../code/tree.ts'
import { type Check, migrationScripts, withCallback } from './check.ts'

const errorDocs =
  'https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling'

const outageAsRefusal: Check = {
  kind: {
    id: 'outage-as-refusal',
    severity: 'error',
    title: 'Failure of the store that reads as an answer of the store',
    why: 'When the store is down, login says that the password is wrong, and get_user that nobody has the address: whoever likes may sign up with it.',
    remedy:
      'Answer with an Error for whatever is not an answer; say wrong password for 401 and nobody for 404 only.',
    link: errorDocs,
  },
  in: migrationScripts,
  find: (code) => {
    const answers = answersOf(code)
    if (answers.some((one) => one.type === 'error' && isStatusHandled(code, one))) return []
    return answers
      .filter(({ type }) => type === 'nobody' || type === 'wrong-password')
      .filter(({ node }) => {
        const { guards, caught } = guardsOf(code, node)
        return guards.some((one) => saysOutage(code, one)) || (caught && guards.length === 0)
      })
      .map(({ node, type }) => ({
        node,
        what: `A failure is answered ${type === 'nobody' ? 'as if there were no such user' : 'as a wrong password'}.`,
      }))
  },
}

/** Where some statuses are an Error already, the rest may well be answers. */
function isStatusHandled(code: Code, { node }: Answer): boolean {
  return guardsOf(code, node).guards.some(({ test }) =>
    [...within(test, false)].some((one) =>
      pathsOf(code, one).some((path) => ['ok', 'status', 'statusCode'].includes(path.at(-1) ?? '')),
    ),
  )
}

const silentRefusal: Check = {
  kind: {
    id: 'refusal-without-error',
    severity: 'warning',
    title: 'Wrong password that is no WrongUsernameOrPasswordError',
    why: 'The tenant log then has neither fp nor fu for the attempt, and protection against brute force has less to go by.',
    remedy: 'Answer with new WrongUsernameOrPasswordError(identifier, message).',
    link: errorDocs,
  },
  in: ['login'],
  find: (code) => {
    const answers = answersOf(code)
    if (!answers.some(({ type }) => type === 'profile')) return []
    return answers
      .filter(({ type }) => type === 'nobody')
      .map(({ node }) => ({ node, what: 'A login is refused without an error.' }))
  },
}

const notFoundAsError: Check = {
  kind: {
    id: 'not-found-as-error',
    severity: 'error',
    title: 'User who is not found, told as an error',
    why: 'With import mode on, Auth0 asks get_user before every sign-up: an error for an address that nobody has keeps everybody from signing up.',
    remedy: 'Answer callback(null) where the store has no such user.',
    link: 'https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user',
  },
  in: ['get_user'],
  find: (code) =>
    answersOf(code)
      .filter(({ type }) => type === 'error' || type === 'wrong-password')
      .filter(({ node }) =>
        guardsOf(code, node)
          .guards.slice(0, 1)
          .some((one) => one.truth && isNone(code, one.test)),
      )
      .map(({ node }) => ({ node, what: 'No user is answered as an error.' })),
}

/** `rows.length === 0`, `!rows.length`, `!rows[0]`, `status === 404`. */
function isNone(code: Code, test: Node): boolean {
  const ends = (node: Node, ...keys: string[]) =>
    pathsOf(code, node).some((path) => path.includes('()') && keys.includes(path.at(-1) ?? ''))
  if (test.type === 'UnaryExpression' && test.operator === '!')
    return ends(test.argument, '0', 'length')
  if (test.type !== 'BinaryExpression' || test.right.type !== 'Literal') return false
  const { value } = test.right
  if (['==', '==='].includes(test.operator)) {
    return (
      (value === 0 && ends(test.left, 'length')) ||
      (value === 404 && ends(test.left, 'status', 'statusCode'))
    )
  }
  return test.operator === '<' && value === 1 && ends(test.left, 'length')
}

const callbackTwice: Check = {
  kind: {
    id: 'callback-twice',
    severity: 'error',
    title: 'Callback that is called twice',
    why: 'The first call decides. A Rule or script that goes on answers before its work is done, and the second answer is lost or an error.',
    remedy: 'Return with each call of the callback, and call it in one place.',
    link: 'https://auth0.com/docs/authenticate/database-connections/custom-db/custom-database-connections-scripts/action-script-best-practices',
  },
  in: withCallback,
  find: (code) => {
    const isFirst = (call: NodeOf<'CallExpression'>) => isCallback(code, call)
    return [...code.roles.keys()].flatMap((of) =>
      callsAfter({ code, isFirst, isSecond: isFirst }, of).map((node) => ({
        node,
        what: 'The callback may have been called before.',
      })),
    )
  },
}

const lostRejection: Check = {
  kind: {
    id: 'lost-rejection',
    severity: 'error',
    title: 'Promise whose failure calls no callback',
    why: 'When it fails nobody answers: the login hangs until the sandbox is stopped, after 20 seconds.',
    remedy:
      'Hand two functions to then(), or end the chain with catch(), and call the callback in each.',
    link: errorDocs,
  },
  in: withCallback,
  find: (code) =>
    code.tree.nodes.flatMap((node) => {
      if (node.type !== 'ExpressionStatement') return []
      const chain = chainOf(node.expression)
      const answers = chain.some((call) =>
        call.arguments.some((one) => isFunction(one) && callsBack(code, one)),
      )
      const handled = chain.some(
        (call) =>
          nameOfMethod(call) === 'catch' ||
          (nameOfMethod(call) === 'then' && call.arguments.length > 1),
      )
      const first = chain.find((call) => nameOfMethod(call) === 'then')
      return answers && !handled && first !== undefined
        ? [{ node: first, what: 'Nothing is called back when the promise fails.' }]
        : []
    }),
}

/** The calls of `a.b().then().catch()`, the last one first. */
function chainOf(node: Node): readonly NodeOf<'CallExpression'>[] {
  const one = node.type === 'ChainExpression' ? bare(node) : node
  if (one.type !== 'CallExpression') return []
  return [one, ...(one.callee.type === 'MemberExpression' ? chainOf(one.callee.object) : [])]
}

function nameOfMethod({ callee }: NodeOf<'CallExpression'>): string | null {
  return callee.type === 'MemberExpression' ? nameOf(callee.property) : null
}

function callsBack(code: Code, of: Node): boolean {
  return [...within(of)].some((one) => one.type === 'CallExpression' && isCallback(code, one))
}

const ignoredError: Check = {
  kind: {
    id: 'ignored-error',
    severity: 'error',
    title: 'Error that nobody looks at',
    why: 'When the call fails there is no result to read: the script throws where nobody catches it and never answers, or answers as if the store had.',
    remedy: 'Answer callback(error) first where there is one.',
    link: errorDocs,
  },
  in: withCallback,
  find: (code) =>
    [
      ...code.tree.nodes.filter((node) => isFunction(node) && ignoresError(code, node)),
      ...code.tree.nodes.filter(
        (node) => node.type === 'CatchClause' && node.body.body.length === 0,
      ),
    ].map((node) => ({ node, what: 'The error is not looked at.' })),
}

const withoutError = [
  'every',
  'filter',
  'find',
  'flatMap',
  'forEach',
  'map',
  'on',
  'once',
  'reduce',
  'some',
  'sort',
  'then',
]

/** A function of (error, result) that calls back and never reads its error. */
function ignoresError(code: Code, of: Node): boolean {
  if (!isFunction(of) || of.params.length < 2 || code.roles.has(of) || !callsBack(code, of))
    return false
  const call = code.tree.parents.get(of)
  if (call?.type !== 'CallExpression' || call.arguments.at(-1) !== of) return false
  if (withoutError.includes(nameOfMethod(call) ?? '')) return false
  const [error] = of.params
  return error?.type === 'Identifier' && (code.names.get(error)?.references.length ?? 1) === 0
}

export const answerChecks: readonly Check[] = [
  outageAsRefusal,
  silentRefusal,
  notFoundAsError,
  callbackTwice,
  lostRejection,
  ignoredError,
]
