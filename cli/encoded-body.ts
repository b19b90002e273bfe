/** What a request carries. */
interface EncodedBody {
  readonly contentType: string
  readonly body?: string | Uint8Array<ArrayBuffer>
}

/** JSON; of the type FormData a form, by Node's own Response: undici's fetch takes one of another make for a text. */
export async function encodeBody(body: unknown): Promise<EncodedBody> {
  const json = { contentType: 'application/json' }
  if (body === undefined) return json
  if (!(body instanceof FormData)) return { ...json, body: JSON.stringify(body) }
  const form = new Response(body)
  const contentType = form.headers.get('content-type') ?? ''
  return { contentType, body: new Uint8Array(await form.arrayBuffer()) }
}
