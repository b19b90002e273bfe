import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'
import { untypedProblem } from './problem.ts'

/** Bytes of a request body. */
const maxBodyBytes = 64 * 1024

/** A refusal of the request itself; names the member, never its value. */
function refuse(status: 400 | 415, detail: string): never {
  throw new HTTPException(status, { res: untypedProblem(status, detail) })
}

/** A schema's error text: tells a member that is missing from one that is wrong. */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => (input === undefined ? 'is missing' : `must be ${be}`) }
}

export const text = z.string(must('a string'))

/** @throws {HTTPException} 413 for a body over 64 kB, 415 for another media type, 400 for what is not JSON of this shape. */
export async function readJson<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') refuse(415, 'the body must be application/json')
  const result = schema.safeParse(parseJson(await readBody(request)))
  if (result.success) return result.data
  const [issue] = result.error.issues
  return refuse(400, `${issue?.path.join('.') || 'the body'} ${issue?.message}`)
}

/** Stops reading at the limit, whatever Content-Length says or does not say. */
async function readBody(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The rest of the body is never read, so the connection cannot carry another request. */
function tooLarge(): HTTPException {
  const detail = `the body is over ${maxBodyBytes} bytes`
  return new HTTPException(413, { res: untypedProblem(413, detail, { connection: 'close' }) })
}

function parseJson(bytes: Buffer): unknown {
  try {
    // Fatal, so that bytes which are not UTF-8 are refused and not looked up as something else.
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return refuse(400, 'the body is not JSON in UTF-8')
  }
}

/**
 * Reads query parameters. A name that the operation does not have is refused: `?migrate=true` would
 * export everybody.
 *
 * @throws {HTTPException} 400 for an unknown, repeated, malformed or wrong parameter.
 */
export function readQuery<Query>(request: Request, schema: z.ZodObject & z.ZodType<Query>): Query {
  const { search, searchParams } = new URL(request.url)
  if (decode(search) === null) refuse(400, 'the query is not percent-encoded UTF-8')
  const names = Object.keys(schema.shape)
  for (const name of searchParams.keys()) {
    // The name is the caller's text too, so it is not repeated.
    if (!names.includes(name)) {
      refuse(400, `unknown query parameter; there are: ${names.join(', ')}`)
    }
    if (searchParams.getAll(name).length > 1) refuse(400, `${name} is given more than once`)
  }
  const result = schema.safeParse(Object.fromEntries(searchParams))
  if (result.success) return result.data
  const [issue] = result.error.issues
  return refuse(400, `${issue?.path.join('.')} ${issue?.message}`)
}

/** The `legacy_id` of `/v1/users/{legacy_id}…`: one path segment, decoded once. */
export function readLegacyId(request: Request): string {
  const [, , , segment = ''] = new URL(request.url).pathname.split('/')
  const legacyId = decode(segment)
  if (legacyId === null) return refuse(400, 'legacy_id is not percent-encoded UTF-8')
  // The contract's maxLength counts characters as JSON Schema does: code points.
  if ([...legacyId].length > 255) return refuse(400, 'legacy_id is over 255 characters')
  return legacyId
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
