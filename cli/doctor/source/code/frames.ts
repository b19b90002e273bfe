import type { Code } from './code.ts'
import { callsOf } from './functions.ts'
import type { FunctionNode, Node } from './tree.ts'

/** With what a function is called while its result is worked out. */
export interface Frame {
  readonly of: FunctionNode
  readonly given: readonly Node[]
  readonly outer: Frame | null
}

/** An expression that stands for itself, and where its parameters get their values from. */
export interface Value {
  readonly node: Node
  readonly frame: Frame | null
}

/** More values than this are not told apart: an expression then stands for itself. */
export const mostValues = 8

/** By the call that is being worked out; else by every call of a local function. */
export function argumentsFor(
  code: Code,
  of: FunctionNode,
  index: number,
  frame: Frame | null,
): readonly Value[] {
  for (let one = frame; one !== null; one = one.outer) {
    if (one.of !== of) continue
    const node = one.given[index]
    return node === undefined ? [] : [{ node, frame: one.outer }]
  }
  const calls = code.roles.has(of) ? [] : callsOf(code, of)
  if (calls.length > mostValues) return []
  return calls.flatMap(({ arguments: given }) => {
    const node = given[index]
    return node === undefined || given.some((one) => one.type === 'SpreadElement')
      ? []
      : [{ node, frame: null }]
  })
}

/** Not into itself, and not further than anybody reads along. */
export function isWithin(frame: Frame | null, of: FunctionNode): boolean {
  let depth = 0
  for (let one = frame; one !== null; one = one.outer) {
    depth += 1
    if (one.of === of || depth > 3) return true
  }
  return false
}
