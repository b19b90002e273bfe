import type { Context } from 'hono'
import type { JsonObject, Tenant } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { badQuery } from './users-error.ts'

/** https://auth0.com/docs/manage-users/user-search/list-and-search-users */
const mostResults = 1000

/** One term, the value quoted or bare. */
const term = /^(user_id|email):(?:"([^"]+)"|([^\s"()]+))$/

/**
 * GET /users. Of the query language of Auth0 there is `user_id:` and `email:`, one at a time;
 * anything else is refused rather than answered wrong. Always consistent, which Auth0's is not.
 */
export function searchUsers(c: Context, tenant: Tenant): Response {
  const page = numberOf(c, 'page', 0, mostResults)
  const perPage = numberOf(c, 'per_page', 50, 100)
  if ((page + 1) * perPage > mostResults && page > 0) {
    throw badQuery(`You can only page through the first ${mostResults} records.`)
  }
  const found = matching(tenant, c.req.query('q'))
  const start = page * perPage
  const users = found.slice(start, start + perPage).map((user) => withFields(c, user))
  if (c.req.query('include_totals') !== 'true') return c.json(users)
  return c.json({ start, limit: perPage, length: users.length, total: found.length, users })
}

/** The members that `fields` and `include_fields` ask for. */
export function withFields(c: Context, user: JsonObject): JsonObject {
  const fields = c.req.query('fields')?.split(',')
  if (fields === undefined) return user
  const include = c.req.query('include_fields') !== 'false'
  return Object.fromEntries(
    Object.entries(user).filter(([name]) => fields.includes(name) === include),
  )
}

function matching({ state }: Tenant, query: string | undefined): readonly JsonObject[] {
  const users = [...state.users.values()].map(({ profile }) => profile)
  if (query === undefined || query.trim() === '') return users
  const [, member, quoted, bare] = term.exec(query.trim()) ?? []
  if (member === undefined) {
    throw badQuery('Only user_id:"…" and email:"…" can be searched for here, one at a time.')
  }
  const value = quoted ?? bare
  if (member === 'user_id') return users.filter((user) => user.user_id === value)
  return users.filter((user) => emailsOf(user).includes(value?.toLowerCase() ?? ''))
}

function emailsOf({ email, identities }: JsonObject): readonly string[] {
  const linked = (Array.isArray(identities) ? identities : []).flatMap((identity) =>
    isObject(identity) && isObject(identity.profileData) ? [identity.profileData.email] : [],
  )
  return [email, ...linked].filter((one) => typeof one === 'string')
}

function numberOf(c: Context, name: string, fallback: number, most: number): number {
  const text = c.req.query(name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= most) return value
  throw badQuery(`Query validation error: '${name}' is not a number from 0 to ${most}.`)
}
