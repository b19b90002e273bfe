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
 *   over the limit comes back empty, which no reader takes for an answer.
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
      headers: headersOf(request, token),
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

function headersOf(request: HttpRequest, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(request.contentType && { 'content-type': request.contentType }),
    ...(token && { authorization: `Bearer ${token}` }),
  }
}

async function readBody(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBodyBytes) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Time that the attempts of one call share. */
export interface Attempts {
  /** Milliseconds since the epoch at which the caller stops waiting. */
  readonly deadline: number
  readonly count: number
  readonly now: () => number
}

/**
 * Milliseconds for attempt `index`, from 0: each gets twice what the one before got, and the last one
 * all that is left. A slow answer is then given up early and a slow server still waited for.
 */
export function timeoutOf(index: number, { deadline, count, now }: Attempts): number {
  return (deadline - now()) / (2 ** (count - index) - 1)
}

/** Sends until there is an answer that is not a passing fault, or no attempt or time is left. */
export async function sendRepeatedly(
  request: HttpRequest,
  attempts: Attempts,
  token?: string,
): Promise<HttpResponse | null> {
  let response: HttpResponse | null = null
  const timeLeft = () => attempts.deadline - attempts.now()
  for (let index = 0; index < attempts.count && timeLeft() > 0; index += 1) {
    response = await sendRequest(request, timeoutOf(index, attempts), token)
    if (response !== null && response.status < 500) break
    // No pause after the last one, nor one that would outlast the caller's patience.
    if (index + 1 === attempts.count || timeLeft() <= 2 * pause) break
    await wait(pause)
  }
  return response
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
