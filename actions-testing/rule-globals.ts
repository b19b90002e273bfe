import { copyJson, isPlainObject } from './json-value.ts'
import { type MetadataKind, refuseMetadata } from './metadata-changes.ts'
import type { RuleMetadataWrite, RulesRun } from './rules-run.ts'
import { strictMembers } from './strict-members.ts'

/**
 * The global `auth0` of Rules: a ManagementClient that can do two things. Its calls are answered at
 * once, and collected in `writes`.
 *
 * @param ruleNow Name of the Rule that is running.
 * @see https://auth0.com/docs/customize/rules/use-management-api
 */
export function ruleAuth0(
  run: RulesRun,
  writes: RuleMetadataWrite[],
  ruleNow: () => string,
): object {
  const { domain = 'example-tenant.eu.auth0.com', accessToken = 'management-api-token' } =
    run.auth0 ?? {}
  const stored = { app_metadata: run.user.app_metadata, user_metadata: run.user.user_metadata }
  const update = (kind: MetadataKind) => async (userId: unknown, metadata: unknown) => {
    const copy = copyMetadata(kind, userId, metadata)
    writes.push({ rule: ruleNow(), userId: String(userId), kind, metadata: copy })
    if (userId !== run.user.user_id) return { user_id: userId }
    stored[kind] = merge(stored[kind], copy)
    return structuredClone({ user_id: userId, ...stored })
  }
  const users = {
    updateAppMetadata: update('app_metadata'),
    updateUserMetadata: update('user_metadata'),
  }
  const members = {
    accessToken,
    baseUrl: `https://${domain}/api/v2`,
    domain,
    users: strictMembers('auth0.users', Object.keys(users), (name) =>
      Object.hasOwn(users, name) ? users[name as keyof typeof users] : undefined,
    ),
  }
  return strictMembers(
    'auth0',
    Object.keys(members),
    (name) => members[name as keyof typeof members],
  )
}

/** @throws {TypeError} For what the Management API would refuse. */
function copyMetadata(
  kind: MetadataKind,
  userId: unknown,
  metadata: unknown,
): Readonly<Record<string, unknown>> {
  if (typeof userId !== 'string' || userId === '') {
    throw new TypeError(`auth0.users: the user id has to be a string that is not empty`)
  }
  if (!isPlainObject(metadata)) throw new TypeError(`auth0.users: ${kind} has to be an object`)
  const copy = copyJson(metadata, kind) as Readonly<Record<string, unknown>>
  for (const [key, value] of Object.entries(copy)) refuseMetadata(kind, key, value)
  return copy
}

/** As the Management API's PATCH does: first-level keys, and null deletes. */
function merge(stored: unknown, changes: Readonly<Record<string, unknown>>): object {
  const merged = { ...(isPlainObject(stored) ? stored : {}), ...changes }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}
