import { type Auth0Tenant, isObject } from '../auth0-tenant.ts'

/** What to answer to the questions of `init`, as far as anybody can tell. */
export interface Proposal {
  readonly connection: string
  /** Null: nothing speaks for one. */
  readonly idPrefix: string | null
  readonly since: string
  /** What it rests on, in words for a person. */
  readonly because: readonly string[]
}

/** One user of the tenant. No address is asked for. */
export interface SampledUser {
  readonly created_at?: unknown
  readonly identities?: unknown
}

export const usualConnection = 'legacy-users'

/** @param now Milliseconds since the epoch. */
export function proposeWithoutTenant(now: number, connection: string): Proposal {
  const since = new Date(now).toISOString().slice(0, 10)
  return { connection, idPrefix: null, since, because: [] }
}

/**
 * Proposes by users that there are: the prefix that most of their ids have, and a day after the last
 * of them, since none of them came through our scripts.
 */
export function proposeByUsers(
  users: readonly SampledUser[],
  connection: string,
  now: number,
): Proposal {
  const usual = proposeWithoutTenant(now, connection)
  const own = users.filter((user) => idOf(user, connection) !== null)
  if (own.length === 0) return usual
  const ids = own.map((user) => idOf(user, connection) ?? '')
  const { prefix, number } = commonPrefix(ids)
  const said =
    prefix === ''
      ? `most of ${ids.length} users that were looked at have ids without a prefix`
      : `${number} of ${ids.length} users that were looked at have ids that begin with ${prefix}`
  return {
    ...usual,
    idPrefix: prefix,
    since: new Date(now).toISOString(),
    because: [
      `idPrefix: ${said}`,
      ...(ids.some(isGivenByAuth0)
        ? [
            'idPrefix: 24 hexadecimal digits are what Auth0 gives people who sign up. If that is where those came from, and none is an id of the legacy store, take a prefix',
          ]
        : []),
      `backfill.since: this moment, since the users that there are did not come through the scripts`,
    ],
  }
}

function isGivenByAuth0(id: string): boolean {
  return /^[\da-f]{24}$/.test(id)
}

/** What most ids have up to their first `|`; nothing where most have none. */
function commonPrefix(ids: readonly string[]): {
  readonly prefix: string
  readonly number: number
} {
  const numbers = new Map<string, number>()
  for (const id of ids) {
    const prefix = /^[^|]*\|/.exec(id)?.[0] ?? ''
    numbers.set(prefix, (numbers.get(prefix) ?? 0) + 1)
  }
  const [[prefix, number] = ['', 0]] = [...numbers].sort(([, one], [, other]) => other - one)
  return { prefix, number }
}

/** Of the database identity, without `auth0|`. */
function idOf({ identities }: SampledUser, connection: string): string | null {
  const list: readonly unknown[] = Array.isArray(identities) ? identities : []
  const found = list.find((one) => isObject(one) && one.connection === connection)
  return isObject(found) && found.provider === 'auth0' ? String(found.user_id) : null
}

/**
 * Looks at a sample of users.
 *
 * @returns Null where it may not look.
 */
export async function readUsers(
  tenant: Auth0Tenant,
  connection: string,
): Promise<readonly SampledUser[] | null> {
  const page = 'per_page=100&include_totals=true&fields=identities,created_at&include_fields=true'
  const query = encodeURIComponent(`identities.connection:"${connection}"`)
  const searched = await tenant.manage('GET', `users?${page}&search_engine=v3&q=${query}`)
  const answer = searched.status === 200 ? searched : await tenant.manage('GET', `users?${page}`)
  if (answer.status !== 200) return null
  const list = isObject(answer.body) ? answer.body.users : answer.body
  return Array.isArray(list) ? list.filter(isObject) : []
}
