import type { Method, Methods, Turn } from './api-method.ts'
import { copyJson } from './json-value.ts'
import type { ApiMethod } from './runtime.ts'
import { refuseBadArguments, strictAnswer } from './strict-call.ts'
import { strictMembers } from './strict-members.ts'

/** Every method of an `api`, as `calls` names them: `accessToken.setCustomClaim`. */
export function methodNames<OneTurn extends Turn>(methods: Methods<OneTurn>): readonly string[] {
  return Object.entries(methods).flatMap(([namespace, members]) =>
    Object.keys(members).map((member) => `${namespace}.${member}`),
  )
}

/**
 * What returns the api to chain. The others have an answer of their own or return nothing, and an
 * Action that chains them fails.
 *
 * @see https://github.com/auth0/auth0-actions
 */
const chaining = new Set([
  'access.deny',
  'accessToken.setCustomClaim',
  'authentication.recordMethod',
  'idToken.setCustomClaim',
  'multifactor.enable',
  'redirect.sendUserTo',
  'user.setAppMetadata',
  'user.setUserMetadata',
  'validation.error',
])

/**
 * The `api` of one Action in one execution. It has every documented member; any other throws and
 * names the nearest real one. Arguments are checked, copied and recorded before a call does anything.
 *
 * @throws {TypeError} From its members, for what Auth0 could not do.
 */
export function createApi<OneTurn extends Turn>(turn: OneTurn, methods: Methods<OneTurn>): object {
  const onUnknown = ({ message }: Error) => turn.misused?.(`reads what does not exist: ${message}`)
  const api: object = strictMembers(
    'api',
    Object.keys(methods),
    (namespace) => {
      const members = methods[namespace] ?? {}
      return strictMembers(
        `api.${namespace}`,
        Object.keys(members),
        (name) => {
          const method = members[name] as Method<OneTurn>
          return (...args: unknown[]) => {
            const called = `${namespace}.${name}`
            return (
              strictAnswer(turn, called, call(turn, called, method, args)) ??
              result(namespace, name)
            )
          }
        },
        onUnknown,
      )
    },
    onUnknown,
  )
  const result = (namespace: string, name: string) =>
    namespace === 'samlResponse' || chaining.has(`${namespace}.${name}`) ? api : undefined
  return api
}

function call<OneTurn extends Turn>(
  turn: OneTurn,
  name: string,
  method: Method<OneTurn>,
  args: readonly unknown[],
): unknown {
  const { action, state } = turn
  if (state.over || turn.done) {
    const problem = `api.${name} was called after the Action had ended: is an await missing?`
    turn.misused?.(`forgot something: ${problem}`)
    // What nobody awaits nobody catches: while the run can still be rejected, that is enough.
    if (turn.misused !== undefined && !state.over) return undefined
    throw new Error(problem)
  }
  refuseBadArguments(turn, name, method, args)
  const copies = method.lenient
    ? args
    : args.map((argument, index) =>
        copyArgument(name, method.parameters[index]?.[0], argument, index),
      )
  const recorded = method.confidential ? ['(confidential)', ...copies.slice(1)] : copies
  state.calls.push({ action, method: name as ApiMethod, args: recorded })
  return method.run?.(turn, ...copies)
}

function copyArgument(
  name: string,
  parameter = '',
  argument: unknown = undefined,
  index = 0,
): unknown {
  if (argument === undefined) return undefined
  return copyJson(argument, `api.${name}: ${parameter || `argument ${index + 1}`}`)
}
