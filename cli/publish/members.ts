import { isDeepStrictEqual } from 'node:util'
import { isObject } from '../auth0-tenant.ts'
import { keywordsIn } from './keywords.ts'

/** One member of a resource that is to change. */
export interface MemberChange {
  /** `options.import_mode` */
  readonly path: string
  /** Undefined: it is not there. A secret is shown as `hidden`. */
  readonly before: unknown
  readonly after: unknown
}

const hidden = '(not shown)'

/** Settings that are no secrets: everybody who logs in sees them. */
const plainSettings = [
  'LEGACY_API_AUDIENCE',
  'LEGACY_ACTIONS_CLIENT_ID',
  'LEGACY_SCRIPTS_CLIENT_ID',
  'AUTH0_DOMAIN',
  'OLD_TENANT_CLIENT_ID',
  'OLD_TENANT_CONNECTION',
  'OLD_TENANT_DOMAIN',
]

/**
 * Every member that a resource is to have and has not. Members that nobody asks for do not count.
 *
 * @param template What `wanted` is made of: what comes from a setting is not shown.
 */
export function memberChanges(
  wanted: unknown,
  actual: unknown,
  template: unknown = wanted,
  path = '',
): readonly MemberChange[] {
  if (isObject(wanted) && (isObject(actual) || actual === undefined || actual === null)) {
    return Object.entries(wanted).flatMap(([key, value]) => {
      const there = isObject(actual) ? actual[key] : undefined
      const model = isObject(template) ? template[key] : undefined
      return memberChanges(value, there, model, path === '' ? key : `${path}.${key}`)
    })
  }
  if (isSame(wanted, actual)) return []
  if (isSecret(path, template)) return [{ path, before: hidden, after: hidden }]
  return [{ path, before: actual, after: wanted }]
}

/** Lists of texts are sets: scopes, grant types, callbacks. */
function isSame(wanted: unknown, actual: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(actual)) return isDeepStrictEqual(wanted, actual)
  if (wanted.length !== actual.length) return false
  if (!wanted.every((one) => typeof one === 'string')) {
    return wanted.every((one, index) => memberChanges(one, actual[index]).length === 0)
  }
  return isDeepStrictEqual(wanted.toSorted(), actual.toSorted())
}

function isSecret(path: string, template: unknown): boolean {
  if (keywordsIn(template).some((name) => !plainSettings.includes(name))) return true
  return isSecretName(path)
}

/** Of a member whose value is a secret whatever tenant.yaml makes it of. */
export function isSecretName(path: string): boolean {
  return /(secret|password|private_key|credential)s?$/i.test(path)
}

/** Wanted members put over those that there are, at every depth; lists are whole. */
export function mergeMembers(
  actual: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...actual }
  for (const [key, value] of Object.entries(wanted)) {
    const there = merged[key]
    merged[key] = isObject(value) && isObject(there) ? mergeMembers(there, value) : value
  }
  return merged
}
