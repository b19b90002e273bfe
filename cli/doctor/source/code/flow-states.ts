import type { Code } from './code.ts'
import type { Node } from './tree.ts'

/** What has happened on one way through a function. */
export interface State {
  /** The first kind of call was made. */
  readonly done: boolean
  /** A function that makes it was handed to somebody, who will run it. */
  readonly later: boolean
  /** How the conditions on the way turned out, by their text. */
  readonly assumed: ReadonlyMap<string, boolean>
}

export type States = readonly State[]

const mostStates = 32

/** Each different way once; of too many, only what has happened. */
export function few(states: States): States {
  const key = ({ done, later, assumed }: State) =>
    `${done}|${later}|${[...assumed].map(([test, truth]) => `${test}=${truth}`).join('&')}`
  const different = [...new Map(states.map((one) => [key(one), one])).values()]
  if (different.length <= mostStates) return different
  // Too many ways: the conditions are forgotten, what has happened is not.
  const forgotten = different.map((one) => ({ ...one, assumed: new Map<string, boolean>() }))
  return [...new Map(forgotten.map((one) => [key(one), one])).values()]
}

/** A condition by its text, and how it turns out where it holds: `!a` is `a`, the other way round. */
export function conditionOf({ text, shift }: Code, test: Node): { key: string; truth: boolean } {
  if (test.type !== 'UnaryExpression' || test.operator !== '!') {
    return { key: text.slice(test.start - shift, test.end - shift), truth: true }
  }
  const inner = conditionOf({ text, shift } as Code, test.argument)
  return { ...inner, truth: !inner.truth }
}
