import type { Method, Turn } from './api-method.ts'
import { checkArguments, undocumentedOption } from './argument-checks.ts'
import { messageOf } from './error-message.ts'
import { guardedPrototype } from './guarded-prototype.ts'
import { unknownMember } from './strict-members.ts'

/** Members that callers look for in what an asynchronous method answers. */
const answers = ['errors', 'groups', 'memberships', 'next', 'roles']

/** Records of the cache that were handed out: what is given in place of their value is a mistake. */
const records = new WeakSet<object>()

/**
 * Refuses arguments that will not do. Where it is strict, the run is rejected also when the Action
 * catches that, but for text, which may come from anywhere; and so it is for what Auth0 lets pass
 * without a word and no caller can mean: arguments and options that nothing takes.
 *
 * @param name As `calls` has it: `access.deny`.
 * @throws {TypeError} Names the method and the parameter.
 */
export function refuseBadArguments<OneTurn extends Turn>(
  { misused }: OneTurn,
  name: string,
  { parameters }: Method<OneTurn>,
  args: readonly unknown[],
): void {
  if (misused === undefined) {
    checkArguments(`api.${name}`, parameters, args)
    return
  }
  const refuse = (problem: string) => {
    misused(problem)
    throw new TypeError(problem)
  }
  if (args.some((argument) => Object(argument) === argument && records.has(argument as object))) {
    refuse(`gives api.${name} a record of api.cache: the text is its value`)
  }
  try {
    checkArguments(`api.${name}`, parameters, args)
  } catch (error) {
    if (args.some((argument) => typeof argument !== 'string'))
      misused(`calls api in vain: ${messageOf(error)}`)
    throw error
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
  const strict: object = Object.setPrototypeOf({ ...record }, prototype)
  records.add(strict)
  return Object.defineProperties(strict, {
    toString: { value: asText },
    [Symbol.toPrimitive]: { value: asText },
  })
}

/** The year 5138 in seconds, and a day of 1973 in milliseconds. */
const leastMilliseconds = 100_000_000_000

/** Times that are no milliseconds since the Unix epoch: seconds, a duration, or no number at all. */
export function reportTime(misused: Turn['misused'], called: string, time: unknown): void {
  if (time === undefined || (typeof time === 'number' && !(time > 0 && time < leastMilliseconds)))
    return
  misused?.(`gives ${called} that is not in milliseconds since the Unix epoch`)
}
