import type { Json } from '../state.ts'

/** Members whose value GET /jobs/{id}/errors does not repeat. */
const secretMembers = new Set(['password_hash', 'secret'])

/**
 * A user of an import file as errors repeat it: hashes, salts and secrets are masked.
 *
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-imports#retrieve-failed-entries
 */
export function masked(value: Json, inHash = false): Json {
  if (Array.isArray(value)) return value.map((one: Json) => masked(one, inHash))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const secret = secretMembers.has(name) || (inHash && name === 'value')
      const within = inHash || name === 'custom_password_hash'
      return [name, secret && typeof inner === 'string' ? '*****' : masked(inner, within)]
    }),
  )
}
