import { attempt } from '../core/attempt.ts'
import type { HttpRequest, HttpResponse } from '../core/http-message.ts'

/** Bytes of a body. More than any answer of the contract holds; what is longer is not read on. */
const maxBodyBytes = 256_000

/** Milliseconds to let pass before an answer that came at once is asked for again. */
const pause = 50

/**
 * Sends one request with the runtime's own `fetch`.
 *
 * `AbortSignal.timeout` and `AbortSignal.any` lose timeouts to garbage collection on some versions of
 * Node (nodejs/node#57736): hence the controller and the timer.
 *
 * @param timeout Milliseconds for the whole exchange, body included.
 * @returns null when there was no answer: no connection, a cut one, or no end of it in time. A body
 *   over the limit, or not in UTF-8, comes back empty, which no reader takes for an answer.
 */
async function sendRequest(
  request: HttpRequest,
  timeout: number,
  token?: string,
): Promise<HttpResponse | null> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeout)
  try {
    const response = await fetch(request.url, {
      ...request,
      headers: {
        ...(request.contentType && { 'content-type': request.contentType }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      // A token or a password must not follow a redirect to somebody else.
      redirect: 'manual',
      signal: controller.signal,
    })
    const body = await readBody(response)
    const contentType = response.headers.get('content-type') ?? ''
    return { status: response.status, contentType, body }
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}

async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) return ''
    chunks.push(chunk)
  }
  // Not by default: names in an old system's encoding would lose their letters, and for good.
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  return attempt(() => utf8.decode(Buffer.concat(chunks))) ?? ''
}

/** Time that the attempts of one call share. */
export interface Attempts {
  /** Milliseconds since the epoch at which the caller stops waiting. */
  readonly deadline: number
  readonly count: number
  /** Milliseconds for the first. */
  readonly first: number
  readonly now: () => number
}

/** What an instance remembers of a server. */
export interface PaceMemory {
  /** Milliseconds that its answers take: a moving average. */
  pace?: number
}

/**
 * Milliseconds for the first of several attempts: three times what answers take of late, but never so
 * little that a pause of the network costs a second request, nor so much that a third one finds no
 * time. A late answer is then given up early, and a slow server still waited for.
 */
export function firstTimeout(budget: number, { pace = budget }: PaceMemory): number {
  return Math.min(Math.max(3 * pace, 100), budget / 7)
}

/** Milliseconds for attempt `index`, from 0: each gets more than the one before, the last all the rest. */
export function timeoutOf(index: number, { deadline, count, first, now }: Attempts): number {
  const left = deadline - now()
  return index + 1 < count ? Math.min(first * 1.4 ** index, left) : left
}

/**
 * Sends until there is an answer that is not a passing fault, or no attempt or time is left.
 *
 * @param memory Learns how long the answer took.
 */
export async function sendRepeatedly(
  request: HttpRequest,
  attempts: Attempts,
  token?: string,
  memory: PaceMemory = {},
): Promise<HttpResponse | null> {
  const { count, deadline, now } = attempts
  for (let index = 0; ; index += 1) {
    const began = now()
    const response = await sendRequest(request, timeoutOf(index, attempts), token)
    const took = now() - began
    if (response !== null && response.status < 500) {
      const { pace = took } = memory
      memory.pace = pace + (took - pace) / 4
      return response
    }
    // No pause after the last one, nor one that would outlast the caller's patience.
    if (index + 1 >= count || deadline - now() <= 2 * pause) return response
    if (took < pause) await wait(pause)
  }
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
