import type { Method, Turn } from './api-method.ts'
import { undocumentedOption } from './argument-checks.ts'
import { guardedPrototype } from './guarded-prototype.ts'
import { unknownMember } from './strict-members.ts'

/** Members that callers look for in what an asynchronous method answers. */
const answers = ['errors', 'groups', 'memberships', 'next', 'roles']

/**
 * Finds what Auth0 lets pass without a word, and what no caller can mean: arguments and options that
 * nothing takes. The run is rejected for it, and the call throws, since what follows means nothing.
 *
 * @param name As `calls` has it: `access.deny`.
 */
export function refuseIdleArguments<OneTurn extends Turn>(
  { misused }: OneTurn,
  name: string,
  { parameters }: Method<OneTurn>,
  args: readonly unknown[],
): void {
  if (misused === undefined) return
  const refuse = (problem: string) => {
    misused(problem)
    throw new TypeError(problem)
  }
  const surplus = args.slice(parameters.length).findIndex((argument) => argument !== undefined)
  if (surplus !== -1) {
    const taken = parameters.map(([parameter]) => parameter).join(', ')
    refuse(`gives api.${name}(${taken}) ${args.length} arguments, of which Auth0 drops the last`)
  }
  for (const [index, [parameter, check]] of parameters.entries()) {
    const problem = undocumentedOption(check, args[index], parameter)
    if (problem !== null) refuse(`gives api.${name} what Auth0 drops: ${problem}`)
  }
}

/**
 * The answer, of which a mistake that is made easily throws: a promise that is not awaited has none of
 * the members that are looked for.
 */
export function strictAnswer({ misused }: Turn, name: string, answer: unknown): unknown {
  if (misused === undefined || !(answer instanceof Promise)) return answer
  for (const member of answers) {
    Object.defineProperty(answer, member, {
      configurable: true,
      get() {
        const problem = `reads ${member} of a promise: api.${name} has to be awaited`
        misused(problem)
        throw new TypeError(problem)
      },
    })
  }
  return answer
}

/** A record of the cache, of which a use as text throws, and so does a member that it does not have. */
export function strictRecord(
  record: object | undefined,
  misused: Turn['misused'],
): object | undefined {
  if (record === undefined || misused === undefined) return record
  const refuse = (problem: string) => {
    misused(problem)
    throw new TypeError(problem)
  }
  const names = Object.keys(record)
  const prototype = guardedPrototype(Object.prototype, (name) =>
    refuse(`reads what does not exist: ${unknownMember('record', name, names)}`),
  )
  const asText = () => refuse('uses a record of api.cache as text: the text is its value')
  return Object.defineProperties(Object.setPrototypeOf({ ...record }, prototype), {
    toString: { value: asText },
    [Symbol.toPrimitive]: { value: asText },
  })
}
