import { type Auth0Tenant, type Method, pause as pauseFor } from '../../auth0-tenant.ts'

/** What asks the Management API. */
export type Manage = Auth0Tenant['manage']

/**
 * Share of a rate limit's bucket that is left to others: the logins of this tenant write their
 * stamps by the same limit, and wait while it is empty.
 */
const reserve = 0.5

interface Seen {
  readonly limit: number
  readonly resetAt: number
  remaining: number
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
  const seen = new Map<string, Seen>()
  /** Those who wait for one bucket go one after the other. */
  const turns = new Map<string, Promise<void>>()

  async function awaitRoom(bucket: string): Promise<void> {
    const known = seen.get(bucket)
    if (known === undefined) return
    if (known.remaining <= known.limit * reserve) {
      const wait = known.resetAt - now()
      if (wait > 0) await pause(wait, signal)
      // What has come meanwhile nobody knows: one request finds out.
    }
    known.remaining -= 1
  }

  function takeTurn(bucket: string): Promise<void> {
    const before = turns.get(bucket) ?? Promise.resolve()
    const turn = before.then(() => awaitRoom(bucket))
    // One who was interrupted is in nobody's way.
    const passed = turn.catch(() => undefined)
    turns.set(bucket, passed)
    return turn
  }

  return async (method, path, body) => {
    const bucket = bucketOf(method, path)
    await takeTurn(bucket)
    const answer = await manage(method, path, body)
    const limit = numberIn(answer.headers, 'x-ratelimit-limit')
    const remaining = numberIn(answer.headers, 'x-ratelimit-remaining')
    const reset = numberIn(answer.headers, 'x-ratelimit-reset')
    if (limit === null || remaining === null || reset === null) seen.delete(bucket)
    else seen.set(bucket, { limit, remaining, resetAt: reset * 1_000 })
    return answer
  }
}

/** As Auth0 has them, or finer: reading and writing of one kind of resource. */
function bucketOf(method: Method, path: string): string {
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
