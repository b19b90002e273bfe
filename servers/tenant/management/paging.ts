import type { Context } from 'hono'
import type { Json, JsonObject } from '../state.ts'
import { invalidQuery, ManagementError } from './management-error.ts'

/** Items a page, where the request does not say. */
const usualSize = 50

const largestSize = 100

const mostByPage = 1000

export const pageQuery = ['page', 'per_page', 'include_totals', 'fields', 'include_fields']

export const checkpointQuery = ['from', 'take']

/** @throws {ManagementError} 400 for a parameter that the endpoint does not have. */
export function assertQuery(c: Context, allowed: readonly string[]): void {
  const unknown = Object.keys(c.req.query()).filter((name) => !allowed.includes(name))
  if (unknown.length === 0) return
  throw invalidQuery(`'Additional properties not allowed: ${unknown.join(', ')}'`)
}

/**
 * Answers with a list as Auth0 pages it: by checkpoint (`from`, `take`) where the request says so,
 * else by `page` and `per_page`: a bare array, or with `include_totals` an object.
 *
 * @param name Of the list in an object: `clients`.
 * @param idOf What a checkpoint is made of.
 * @throws {ManagementError} 400 for a page that cannot be.
 * @see https://auth0.com/docs/manage-users/user-search/get-list-of-users-checkpoint-pagination
 */
export function listed<Item extends JsonObject>(
  c: Context,
  name: string,
  items: readonly Item[],
  idOf: (item: Item) => Json | undefined,
): Json {
  if (c.req.query('take') !== undefined || c.req.query('from') !== undefined) {
    return checkpoint(c, name, items, idOf)
  }
  const { start, size } = pageOf(c)
  const page = items.slice(start, start + size).map((item) => withFields(c, item))
  if (c.req.query('include_totals') !== 'true') {
    return page
  }
  return { total: items.length, start, limit: size, [name]: page }
}

/**
 * As Auth0 lists Actions, their versions and their bindings: by page only, zeros left out, and on a
 * page with nothing on it also how many there are.
 *
 * @see https://github.com/auth0/terraform-provider-auth0/blob/main/test/data/recordings/TestAccActionDeleteWithUnbind.yaml
 */
export function listedWithoutZeros<Item>(
  c: Context,
  name: string,
  items: readonly Item[],
  show: (item: Item) => JsonObject,
): JsonObject {
  const { start, size } = pageOf(c)
  const page = items.slice(start, start + size)
  return {
    [name]: page.map(show),
    ...(page.length > 0 && { total: items.length }),
    ...(start > 0 && { page: start / size }),
    per_page: size,
  }
}

/** As {@link listed}, by checkpoint only: never a bare array. */
export function checkpoint<Item extends JsonObject>(
  c: Context,
  name: string,
  items: readonly Item[],
  idOf: (item: Item) => Json | undefined,
): JsonObject {
  const size = takeOf(c)
  const start = startAfter(c.req.query('from'), items, idOf)
  const page = items.slice(start, start + size)
  const last = page.at(-1)
  const more = last !== undefined && start + size < items.length
  return {
    [name]: page.map((item) => withFields(c, item)),
    ...(more && { next: Buffer.from(String(idOf(last))).toString('base64url') }),
  }
}

export function pageOf(c: Context): { readonly start: number; readonly size: number } {
  const size = numberOf(c, 'per_page', usualSize, 0)
  const page = numberOf(c, 'page', 0, 0, Number.MAX_SAFE_INTEGER)
  return { start: page * size, size }
}

/** Items a page by checkpoint. */
export function takeOf(c: Context): number {
  return numberOf(c, 'take', usualSize, 1)
}

/**
 * For lists that are paged by number to their 1,000th item only.
 *
 * @throws {ManagementError} 400 for a page beyond it, empty or not.
 */
// https://community.auth0.com/t/unable-to-paginate-more-than-1000-records-when-getting-user-roles/94111
export function assertPageable(c: Context): void {
  const { start, size } = pageOf(c)
  if (start + size <= mostByPage) return
  const method = 'To fetch results beyond 1000, use the checkpoint pagination method.'
  const page = c.req.query('page') ?? 0
  const message = `Requesting page ${page} exceeds the allowed maximum of 1000 records. ${method}`
  throw new ManagementError(400, message, 'invalid_paging')
}

/** An item less what `fields` and `include_fields` leave out. */
export function withFields<Item extends JsonObject>(c: Context, item: Item): JsonObject {
  const fields = c.req.query('fields')?.split(',')
  if (fields === undefined) return item
  const included = c.req.query('include_fields') !== 'false'
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => fields.includes(name) === included),
  )
}

function startAfter<Item extends JsonObject>(
  from: string | undefined,
  items: readonly Item[],
  idOf: (item: Item) => Json | undefined,
): number {
  if (from === undefined) return 0
  const id = Buffer.from(from, 'base64url').toString('utf8')
  const position = items.findIndex((item) => idOf(item) === id)
  if (position === -1) throw invalidQuery("'The from parameter is not a checkpoint of this list'")
  return position + 1
}

function numberOf(
  c: Context,
  name: string,
  usual: number,
  least: number,
  largest = largestSize,
): number {
  const text = c.req.query(name)
  if (text === undefined) return usual
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw invalidQuery(`'Expected type integer' on property ${name}`)
  if (value < least) throw invalidQuery(`'Value is less than minimum ${least}' on property ${name}`)
  if (value <= largest) return value
  throw invalidQuery(`'Value is greater than maximum ${largest}' on property ${name}`)
}
