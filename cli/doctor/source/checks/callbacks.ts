import { callsAfter, isCallback } from '../code/callback-flow.ts'
import type { Code } from '../code/code.ts'
import { nameOf } from '../code/declarations.ts'
import { functionOf } from '../code/handed-on.ts'
import {
  around,
  bare,
  type FunctionNode,
  isFunction,
  type Node,
  type NodeOf,
  within,
} from '../code/tree.ts'
import { type Check, type Sighting, withCallback } from './check.ts'

const errorDocs =
  'https://auth0.com/docs/authenticate/database-connections/custom-db/error-handling'

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
      'Hand two functions to then(), end the chain with catch(), or await it in a try; and call the callback either way.',
    link: errorDocs,
  },
  in: withCallback,
  find: (code) => [
    ...code.tree.nodes.flatMap((node) => {
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
    ...[...code.roles.keys()].flatMap((of) => awaitedOpenly(code, of)),
  ],
}

/** What Auth0 does with a promise that an async function breaks is in none of its pages: it may hang. */
function awaitedOpenly(code: Code, of: FunctionNode): readonly Sighting[] {
  if (of.body === null || !callsBack(code, of)) return []
  const open = [...within(of.body, false)].find(
    (node) =>
      node.type === 'AwaitExpression' && mayFail(code, node.argument) && !isTried(code, node),
  )
  const what = 'Nothing is called back when what is awaited fails: there is no try around it.'
  return open === undefined ? [] : [{ node: open, what, severity: 'warning' }]
}

/** Not what has a catch() of its own, nor a function of this code that has a try. */
function mayFail(code: Code, awaited: Node): boolean {
  const chain = chainOf(awaited)
  const handled = chain.some(
    (call) =>
      ['allSettled', 'catch'].includes(nameOfMethod(call) ?? '') ||
      (nameOfMethod(call) === 'then' && call.arguments.length > 1),
  )
  const local = chain[0] === undefined ? null : functionOf(code, chain[0].callee)
  const tries = local !== null && [...within(local)].some(({ type }) => type === 'TryStatement')
  return !handled && !tries
}

function isTried({ tree }: Code, node: Node): boolean {
  for (const one of around(tree, node)) {
    if (one.type === 'TryStatement') return true
    if (isFunction(one)) return false
  }
  return false
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
        (node) => node.type === 'CatchClause' && node.body.body.length === 0 && answers(code, node),
      ),
    ].map((node) => ({ node, what: 'The error is not looked at.' })),
}

/** Code that answers goes on as if nothing had been; what only works something out may well have none. */
function answers(code: Code, node: Node): boolean {
  const of = [...around(code.tree, node)].find(isFunction)
  return of !== undefined && callsBack(code, of)
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

export const callbackChecks: readonly Check[] = [callbackTwice, lostRejection, ignoredError]
