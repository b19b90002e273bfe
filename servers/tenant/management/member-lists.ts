import type { Context } from 'hono'
import type { JsonObject, User } from '../state.ts'
import { invalidBody } from './management-error.ts'
import { readBody, textsOf } from './request-body.ts'

/**
 * The one list that a body consists of: ids of users, or of roles.
 *
 * @throws {ManagementError} 400 where there is none, or nothing in it.
 */
export async function readIds(c: Context, name: string): Promise<readonly string[]> {
  const body = await readBody(c, { members: { [name]: 'array' }, required: [name] })
  const ids = textsOf(body, name) ?? []
  if (ids.length > 0) return ids
  throw invalidBody(`'Array is too short, minimum 1' on property ${name}`)
}

/** What the lists of a role’s users and of an organization’s members show of each. */
export function showMember({ profile }: User): JsonObject & { readonly user_id: string } {
  const { email, name, picture, user_id } = profile
  return {
    user_id,
    ...(email !== undefined && { email }),
    ...(name !== undefined && { name }),
    ...(picture !== undefined && { picture }),
  }
}
