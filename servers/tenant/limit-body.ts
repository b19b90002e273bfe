import type { Context, MiddlewareHandler } from 'hono'

/**
 * Refuses a body that is too large, also one that does not say how large it is. Hono's own
 * `bodyLimit` copies the request, which Node's `Request` refuses to do with the one of
 * `@hono/node-server` when global objects are left alone.
 *
 * @param largest Bytes.
 */
export function limitBody(
  largest: number,
  refuse: (c: Context) => Response | Promise<Response>,
): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.header('transfer-encoding') === undefined) {
      // The length is true: the HTTP parser reads no more than it says, and nothing without it.
      return Number(c.req.header('content-length') ?? 0) > largest ? refuse(c) : next()
    }
    const body = await readUpTo(c.req.raw.body, largest)
    if (body === null) return refuse(c)
    const { headers, method, url } = c.req.raw
    c.req.raw = new Request(url, { method, headers, ...(body.length > 0 && { body }) })
    return next()
  }
}

/** @returns Null when there is more. */
async function readUpTo(
  stream: ReadableStream<Uint8Array> | null,
  largest: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream ?? []) {
    size += chunk.length
    if (size > largest) return null
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}
