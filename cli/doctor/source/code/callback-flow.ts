import type { Code } from './code.ts'
import { conditionOf, few, type State, type States } from './flow-states.ts'
import { functionOf, isForEach, isTimer } from './handed-on.ts'
import { isOnce } from './once.ts'
import { isPath, pathsOf } from './paths.ts'
import { childrenOf, type FunctionNode, type Node, type NodeOf } from './tree.ts'

export interface Watch {
  readonly code: Code
  /** The call that should have been the last. */
  readonly isFirst: (call: NodeOf<'CallExpression'>) => boolean
  /** The calls that must not come after it. */
  readonly isSecond: (call: NodeOf<'CallExpression'>) => boolean
}

interface Walk extends Watch {
  readonly found: Set<Node>
  /** Ways that ended in `return`. */
  readonly returns: State[]
  /** Ways that left the loop or switch around. */
  readonly exits: State[]
  readonly open: readonly FunctionNode[]
}

/**
 * The calls that come after a call which should have been the last, on some way through the function:
 * it did not return, or it had handed a function over that makes the call later.
 */
export function callsAfter(watch: Watch, of: FunctionNode): readonly Node[] {
  const found = new Set<Node>()
  const start: State = { done: false, later: false, assumed: new Map() }
  walkFunction({ ...watch, found, returns: [], exits: [], open: [] }, of, [start])
  return [...found]
}

function walkFunction(walk: Walk, of: FunctionNode, states: States): States {
  if (of.body === null || walk.open.includes(of) || walk.open.length > 6) return states
  if (isOnce(walk.code, of) && states.some(({ done }) => done)) {
    const fresh = states.filter(({ done }) => !done)
    const spent = states.filter(({ done }) => done)
    return fresh.length === 0 ? spent : few([...spent, ...walkFunction(walk, of, fresh)])
  }
  const returns: State[] = []
  const inner: Walk = { ...walk, open: [...walk.open, of], returns, exits: [] }
  const { body } = of
  if (body.type !== 'BlockStatement') return express(inner, body, states)
  const end = sequence(inner, body.body, states)
  return few([...end, ...returns])
}

function sequence(walk: Walk, statements: readonly Node[], states: States): States {
  let now = states
  for (const one of statements) {
    if (now.length === 0) return now
    now = few(step(walk, one, now))
  }
  return now
}

function step(walk: Walk, node: Node, states: States): States {
  switch (node.type) {
    case 'BlockStatement':
      return sequence(walk, node.body, states)
    case 'IfStatement':
      return branch(walk, node.test, node.consequent, node.alternate, states)
    case 'ReturnStatement':
      walk.returns.push(...(node.argument === null ? states : express(walk, node.argument, states)))
      return []
    case 'ThrowStatement':
      express(walk, node.argument, states)
      return []
    case 'BreakStatement':
    case 'ContinueStatement':
      walk.exits.push(...states)
      return []
    case 'DoWhileStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'ForStatement':
    case 'WhileStatement':
      return loop(walk, node.body, states)
    case 'SwitchStatement':
      return switchCases(walk, node, express(walk, node.discriminant, states))
    case 'TryStatement':
      return tryStatement(walk, node, states)
    case 'LabeledStatement':
      return step(walk, node.body, states)
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
      return states
    default:
      return express(walk, node, states)
  }
}

/** Not at all, once, or again. */
function loop(walk: Walk, body: Node, states: States): States {
  const exits: State[] = []
  const inner: Walk = { ...walk, exits }
  const once = step(inner, body, states)
  const twice = step(inner, body, once)
  return few([...states, ...once, ...twice, ...exits])
}

function switchCases(walk: Walk, node: NodeOf<'SwitchStatement'>, states: States): States {
  const exits: State[] = []
  let through: States = []
  for (const { consequent } of node.cases) {
    through = sequence({ ...walk, exits }, consequent, few([...states, ...through]))
  }
  const whole = node.cases.some(({ test }) => test === null)
  return few([...exits, ...through, ...(whole ? [] : states)])
}

/**
 * A `catch` is entered from before the call: that the call itself throws is not assumed. What is done
 * `finally` is done after a `return`, too.
 */
function tryStatement(walk: Walk, node: NodeOf<'TryStatement'>, states: States): States {
  const { finalizer } = node
  const returns: State[] = []
  const inner: Walk = finalizer === null ? walk : { ...walk, returns }
  const tried = step(inner, node.block, states)
  const caught = node.handler === null ? [] : step(inner, node.handler.body, states)
  const after = few([...tried, ...caught])
  if (finalizer === null) return after
  walk.returns.push(...step(walk, finalizer, few(returns)))
  return step(walk, finalizer, after)
}

function branch(walk: Walk, test: Node, yes: Node, no: Node | null, states: States): States {
  const tested = express(walk, test, states)
  const { key, truth } = conditionOf(walk.code, test)
  const when = (wanted: boolean): States =>
    tested
      .filter(({ assumed }) => (assumed.get(key) ?? wanted) === wanted)
      .map((one) => ({ ...one, assumed: new Map(one.assumed).set(key, wanted) }))
  const then = step(walk, yes, when(truth))
  const otherwise = when(!truth)
  return few([...then, ...(no === null ? otherwise : step(walk, no, otherwise))])
}

/** The calls of an expression, in the order of the text; what is handed over comes after all of them. */
function express(walk: Walk, node: Node, states: States): States {
  switch (node.type) {
    case 'ConditionalExpression':
      return branch(walk, node.test, node.consequent, node.alternate, states)
    case 'LogicalExpression': {
      const left = express(walk, node.left, states)
      return few([...left, ...express(walk, node.right, left)])
    }
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return states
    case 'CallExpression':
    case 'NewExpression':
      return call(walk, node, states)
    default: {
      let now = states
      for (const child of childrenOf(node)) now = express(walk, child, now)
      return now
    }
  }
}

function call(
  walk: Walk,
  node: NodeOf<'CallExpression'> | NodeOf<'NewExpression'>,
  states: States,
): States {
  let now = express(walk, node.callee, states)
  for (const one of node.arguments) now = express(walk, one, now)
  if (node.type === 'CallExpression') {
    if (walk.isSecond(node) && now.some(({ done, later }) => done || later)) walk.found.add(node)
    if (walk.isFirst(node)) return few(now.map((one) => ({ ...one, done: true })))
    const local = functionOf(walk.code, node.callee)
    if (local !== null)
      return few(walkFunction(walk, local, now).map((one) => withoutNews(one, now)))
  }
  const handed = isTimer(node)
    ? []
    : node.arguments.flatMap((one) => functionOf(walk.code, one) ?? [])
  if (isForEach(node)) {
    const run = (from: States) =>
      handed
        .reduce((sum, of) => walkFunction(walk, of, sum), from)
        .map((one) => withoutNews(one, now))
    const once = run(now)
    return few([...now, ...once, ...run(once)])
  }
  const later = handed.some((of) => mayCall(walk, of, now))
  return later ? now.map((one) => ({ ...one, later: true })) : now
}

/** Conditions of another function are of other variables. */
function withoutNews(state: State, [first]: States): State {
  return { ...state, assumed: first?.assumed ?? state.assumed }
}

/** Whether a function that runs later makes the call; what it finds on the way is found. */
function mayCall(walk: Walk, of: FunctionNode, states: States): boolean {
  const from = states.map((one) => ({ ...one, later: false }))
  const before = from.some(({ done }) => done)
  const after = walkFunction(walk, of, from)
  return after.some(({ done, later }) => (done && !before) || later)
}

/** Whether a call is one of the callback that Auth0 handed over. */
export function isCallback(code: Code, { callee }: NodeOf<'CallExpression'>): boolean {
  return pathsOf(code, callee).some((path) => isPath(path, ['callback']))
}
