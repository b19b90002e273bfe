import type { Auth0Tenant, Method } from '../../auth0-tenant.ts'
import { pause as pauseFor } from '../../pause.ts'

/** What asks the Management API. */
export type Manage = Auth0Tenant['manage']

/**
 * Share of a rate limit's bucket that is left to others: the logins of this tenant write their
 * stamps by the same limit, and wait while it is empty.
 */
const reserve = 0.5

/** Milliseconds: between two requests that find out what has come meanwhile, and two looks at what they found. */
const probeInterval = 1_000
const lookInterval = 100

/** What is left of a bucket, as far as the last answer said. */
interface Seen {
  readonly limit: number
  readonly remaining: number
  resetAt: number
  /** Requests under way, which the last answer may not have counted. */
  underWay: number
}

export interface RoomOptions {
  readonly signal?: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Default: by the real clock. */
  readonly pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
}

/**
 * Asks no faster than leaves half of each bucket alone, on whatever plan: by the `x-ratelimit-`
 * headers of the answers, which tell of the tightest bucket. Where there are none nothing is limited.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-use-cases
 */
export function leaveRoom(
  manage: Manage,
  { now = Date.now, pause = pauseFor, signal }: RoomOptions = {},
): Manage {
  /** By its size: which requests share a bucket nobody says, and of one size they may. */
  const buckets = new Map<number, Seen>()
  /** The size of the bucket that requests of a kind were told of last. */
  const sizes = new Map<string, number>()
  let turn: Promise<unknown> = Promise.resolve()

  /** @returns The size of the bucket that the request is counted in; 0 where nobody knows. */
  async function awaitRoom(kind: string): Promise<number> {
    for (;;) {
      // The first of its kind is held to the smallest bucket: it may well be everybody's.
      const seen = buckets.get(sizes.get(kind) ?? Math.min(...buckets.keys()))
      if (seen === undefined) return 0
      const wait = seen.resetAt - now()
      const hasRoom = seen.remaining - seen.underWay > seen.limit * reserve
      if (!hasRoom && wait > 0) {
        await pause(Math.min(wait, lookInterval), signal)
        continue
      }
      // What has come meanwhile one request finds out, and the others wait for its answer.
      if (!hasRoom) seen.resetAt = now() + probeInterval
      seen.underWay += 1
      return seen.limit
    }
  }

  return async (method, path, body) => {
    const kind = kindOf(method, path)
    const mine = turn.then(() => awaitRoom(kind))
    // One who was interrupted is in nobody's way.
    turn = mine.catch(() => undefined)
    const size = await mine
    const landed = () => {
      const seen = buckets.get(size)
      if (seen !== undefined) seen.underWay -= 1
    }
    const answer = await manage(method, path, body).finally(landed)
    const limit = numberIn(answer.headers, 'x-ratelimit-limit')
    const remaining = numberIn(answer.headers, 'x-ratelimit-remaining')
    const reset = numberIn(answer.headers, 'x-ratelimit-reset')
    if (limit === null || remaining === null || reset === null) sizes.delete(kind)
    else {
      sizes.set(kind, limit)
      const underWay = buckets.get(limit)?.underWay ?? 0
      buckets.set(limit, { limit, remaining, resetAt: reset * 1_000, underWay })
    }
    return answer
  }
}

/** As Auth0 parts them, or finer: reading, writing and deleting of one sort of resource. */
function kindOf(method: Method, path: string): string {
  const [resource = ''] = path.split(/[/?]/)
  const kind = method === 'GET' ? 'read' : method === 'DELETE' ? 'delete' : 'write'
  return `${kind} ${resource === 'users-by-email' ? 'users' : resource}`
}

function numberIn(headers: Headers, name: string): number | null {
  const text = headers.get(name)
  if (text === null || text.trim() === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}
