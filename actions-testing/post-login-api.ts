import { checkArguments } from './argument-checks.ts'
import { copyJson } from './json-value.ts'
import type { Method, Turn } from './post-login-method.ts'
import { postLoginMethods } from './post-login-methods.ts'
import { strictMembers } from './strict-members.ts'
import type { PostLoginAPI } from './types/post-login/v3.ts'

const namespaces = Object.keys(postLoginMethods)

/** Every method of the api, as `calls` names them: `accessToken.setCustomClaim`. */
export const postLoginMethodNames: readonly string[] = Object.entries(postLoginMethods).flatMap(
  ([namespace, methods]) => Object.keys(methods).map((method) => `${namespace}.${method}`),
)

/**
 * The `api` of one Action in one login. It has every documented member; any other throws and names
 * the nearest real one. Arguments are checked, copied and recorded before a call does anything.
 *
 * @throws {TypeError} From its members, for what Auth0 could not do.
 */
export function createPostLoginApi(turn: Turn): PostLoginAPI {
  const api = strictMembers('api', namespaces, (namespace) => {
    const methods = postLoginMethods[namespace] ?? {}
    return strictMembers(`api.${namespace}`, Object.keys(methods), (name) => {
      const method = methods[name] as Method
      return (...args: unknown[]) =>
        call(turn, `${namespace}.${name}`, method, args) ?? result(name)
    })
  }) as PostLoginAPI
  // `cache.get` of a key that is not there is undefined; everything else returns the api to chain.
  const result = (name: string) => (name === 'get' ? undefined : api)
  return api
}

function call(turn: Turn, name: string, method: Method, args: readonly unknown[]): unknown {
  const { action, login } = turn
  if (login.over || turn.done) {
    throw new Error(`api.${name} was called after the Action had ended: is an await missing?`)
  }
  checkArguments(`api.${name}`, method.parameters, args)
  const copies = method.lenient
    ? args
    : args.map((argument, index) => copyArgument(name, method, argument, index))
  const recorded = method.confidential ? ['(confidential)', ...copies.slice(1)] : copies
  login.calls.push({ action, method: name, args: recorded })
  if (method.interaction) login.interaction ??= { method: name, action }
  return method.run?.(turn, ...copies)
}

function copyArgument(name: string, method: Method, argument: unknown, index: number): unknown {
  if (argument === undefined) return undefined
  const parameter = method.parameters[index]?.[0] ?? `argument ${index + 1}`
  return copyJson(argument, `api.${name}: ${parameter}`)
}
