import { isDeepStrictEqual } from 'node:util'
import { isPlainObject } from './json-value.ts'
import type { ApiCall, ApiMethod } from './runtime.ts'

/** What of an event has a method that changes it for others too: dictionaries, by their keys. */
const dictionaries: readonly (readonly [holder: string, member: string, method: ApiMethod])[] = [
  ['accessToken', 'customClaims', 'accessToken.setCustomClaim'],
  ['refresh_token', 'metadata', 'refreshToken.setMetadata'],
  ['session', 'metadata', 'session.setMetadata'],
  ['transaction', 'metadata', 'transaction.setMetadata'],
  ['user', 'app_metadata', 'user.setAppMetadata'],
  ['user', 'user_metadata', 'user.setUserMetadata'],
]
const lists: readonly (readonly [holder: string, member: string, method: ApiMethod])[] = [
  ['accessToken', 'scope', 'transaction.addTargetScope'],
  ['transaction', 'target_scopes', 'transaction.addTargetScope'],
]

/**
 * What an Action changed in its event and not through `api`, where there is a method for it: it would
 * be lost on Auth0. Null when there is nothing of the kind. Changes that only the Action itself could
 * have a use for are its own affair.
 *
 * @param calls What the Action called.
 * @see https://auth0.com/docs/customize/actions/migrate/migrate-from-rules-to-actions
 */
export function lostChange(
  before: unknown,
  after: unknown,
  calls: readonly ApiCall[],
): string | null {
  for (const [holder, member, method] of dictionaries) {
    const was = dictionaryAt(before, holder, member)
    const is = dictionaryAt(after, holder, member)
    const key = [...new Set([...Object.keys(was), ...Object.keys(is)])].find(
      (name) => !isDeepStrictEqual(was[name], is[name]) && !isSetBy(calls, method, name),
    )
    if (key !== undefined) return `changes event.${holder}.${member}.${key}, ${lost(method)}`
  }
  if (calls.some(({ method }) => method.startsWith('transaction.'))) return null
  const changed = lists.find(([holder, member]) => {
    return !isDeepStrictEqual(at(before, holder, member), at(after, holder, member))
  })
  if (changed === undefined) return null
  const [holder, member, method] = changed
  return `changes event.${holder}.${member}, ${lost(method)}`
}

const lost = (method: ApiMethod) => `which Auth0 does not keep: call api.${method}`

function isSetBy(calls: readonly ApiCall[], setter: ApiMethod, key: string): boolean {
  const [namespace] = setter.split('.')
  return calls.some(({ args, method }) => {
    if (method === `${namespace}.evictMetadata`) return true
    return args[0] === key && (method === setter || method === `${namespace}.deleteMetadata`)
  })
}

function at(event: unknown, holder: string, member: string): unknown {
  return own(own(event, holder), member)
}

/** What is inherited of an event that is strict throws. */
function own(value: unknown, name: string): unknown {
  return isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function dictionaryAt(
  event: unknown,
  holder: string,
  member: string,
): Readonly<Record<string, unknown>> {
  const held = at(event, holder, member)
  return isPlainObject(held) ? held : {}
}
