import { answersOf, guardsOf } from './answers.ts'
import type { Code } from './code.ts'
import { callsOf } from './functions.ts'
import { around, isFunction, type Node, within } from './tree.ts'

/** Where a Rule or a script ends a login: by an error that it calls back, or throws. */
export function refusalsOf(code: Code): readonly Node[] {
  const answers = answersOf(code).flatMap(({ node, type }) => (type === 'error' ? [node] : []))
  return [...answers, ...code.tree.nodes.filter(({ type }) => type === 'ThrowStatement')]
}

/** What may decide whether a refusal is reached. */
export function conditionsOf(code: Code, refusal: Node): readonly Node[] {
  return waysTo(code, refusal).flatMap((one) => conditionsBefore(code, one))
}

/** Itself, where its error is made, and where the function around it is called. */
function waysTo(code: Code, node: Node): readonly Node[] {
  const error = node.type === 'CallExpression' ? node.arguments[0] : undefined
  const made = error === undefined ? [] : (code.names.get(error)?.definitions ?? [])
  const of = [...around(code.tree, node)].find(isFunction)
  return [
    node,
    ...made.flatMap((one) => (one.type === 'value' ? [one.node] : [])),
    ...(of === undefined || code.roles.has(of) ? [] : callsOf(code, of)),
  ]
}

/** The conditions around a node, and those before it that end in a return. */
function conditionsBefore(code: Code, node: Node): readonly Node[] {
  const tests = guardsOf(code, node).guards.map(({ test }) => test)
  let inner = node
  for (const one of around(code.tree, node)) {
    if (one.type === 'BlockStatement') {
      const before = one.body.slice(0, one.body.indexOf(inner as (typeof one.body)[number]))
      for (const statement of before) {
        const leaves = [...within(statement, false)].some(({ type }) => type === 'ReturnStatement')
        if (statement.type === 'IfStatement' && leaves) tests.push(statement.test)
      }
    }
    if (one.type === 'SwitchStatement') tests.push(one.discriminant)
    if (isFunction(one)) return tests
    inner = one
  }
  return tests
}
