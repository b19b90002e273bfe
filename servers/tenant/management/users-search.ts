import type { Context } from 'hono'
import type { JsonObject, Tenant, User } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { usersWithEmail } from '../users/user-index.ts'
import { invalidQuery, ManagementError } from './management-error.ts'
import { assertQuery, listed, pageOf, pageQuery, withFields } from './paging.ts'
import { showUser } from './users-view.ts'

/** https://auth0.com/docs/manage-users/user-search/list-and-search-users */
const mostResults = 1000

/** One term, the value quoted or bare. */
const term =
  /^(user_id|email|identities\.(?:user_id|connection)):(?:"((?:[^"\\]|\\.)+)"|([^\s"()]+))$/

/** @throws {ManagementError} 404. */
export function userOf({ state }: Tenant, userId: string): User {
  const user = state.users.get(userId)
  if (user !== undefined) return user
  throw new ManagementError(404, 'The user does not exist.', 'inexistent_user')
}

/**
 * GET /users. Of the query language of Auth0 there is `user_id:`, `email:`, `identities.user_id:` and
 * `identities.connection:`, one at a time or with `AND`; anything else is refused rather than answered
 * wrong. Consistent, which Auth0's is not, but for
 * users whom a job has just imported.
 */
export function searchUsers(c: Context, tenant: Tenant): Response {
  assertQuery(c, [...pageQuery, 'connection', 'primary_order', 'q', 'search_engine', 'sort'])
  const { size, start } = pageOf(c)
  if (start > 0 && start + size > mostResults) {
    throw invalidQuery(`'You can only page through the first ${mostResults} records'`)
  }
  const found = matching(tenant, c.req.query('q')).filter(({ profile }) =>
    isSearchable(tenant, profile.user_id),
  )
  const shown = sorted(found.filter(isOf(c.req.query('connection'))).map(showUser), c)
  const answer = listed(c, 'users', shown, (user) => user.user_id)
  if (!isObject(answer) || !Array.isArray(answer.users)) return c.json(answer)
  return c.json({ ...answer, length: answer.users.length })
}

function isOf(connection: string | undefined): (user: User) => boolean {
  return ({ profile }) =>
    connection === undefined || profile.identities.some((one) => one.connection === connection)
}

/** By one member of profiles, 1 up and -1 down: `created_at:-1`. Who does not have it comes first. */
function sorted(users: readonly JsonObject[], c: Context): readonly JsonObject[] {
  const sort = c.req.query('sort')
  if (sort === undefined) return users
  const [, member = '', order] = /^([a-z_]+):(-?1)$/.exec(sort) ?? []
  if (member === '') throw invalidQuery("'String does not match pattern' on property sort")
  const keyOf = (user: JsonObject) => user[member] ?? ''
  return users.toSorted((one, other) => {
    if (keyOf(one) === keyOf(other)) return 0
    return keyOf(one) < keyOf(other) ? -Number(order) : Number(order)
  })
}

/** GET /users-by-email. Case-sensitive, as Auth0's; its database users have lower case only. */
export function findByAddress(c: Context, { state }: Tenant): Response {
  const email = c.req.query('email')
  if (!email) throw invalidQuery("'Missing required property: email'")
  const users = usersWithEmail(state.users, email).filter(({ profile }) => profile.email === email)
  return c.json(users.map((user) => withFields(c, showUser(user))))
}

function isSearchable({ activity, now }: Tenant, userId: string): boolean {
  const from = activity.unsearchable.get(userId)
  if (from === undefined) return true
  if (now() < from) return false
  activity.unsearchable.delete(userId)
  return true
}

function matching({ state }: Tenant, query: string | undefined): readonly User[] {
  if (query === undefined || query.trim() === '') return [...state.users.values()]
  const [first = new Set<User>(), ...more] = query
    .trim()
    .split(/ AND (?=[\w.]+:)/)
    .map((one) => new Set(havingTerm(state.users, one)))
  return [...first].filter((user) => more.every((others) => others.has(user)))
}

/** @throws {ManagementError} 400, for a term that is not modelled. */
function havingTerm(users: Map<string, User>, text: string): readonly User[] {
  const [, member = '', quoted, bare] = term.exec(text) ?? []
  const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? ''
  const [, identityMember] = /^identities\.(.+)$/.exec(member) ?? []
  if (identityMember !== undefined) {
    return [...users.values()].filter(({ profile }) =>
      profile.identities.some((identity) => identity[identityMember] === value),
    )
  }
  if (member === 'email') return usersWithEmail(users, value)
  if (member === 'user_id') return [users.get(value)].filter((user) => user !== undefined)
  throw invalidQuery(
    `'Only user_id, email, identities.user_id and identities.connection can be searched for here' on property q`,
  )
}
