import * as z from 'zod'
import { exportLines } from '../export.ts'
import { must, readQuery, text } from '../request-input.ts'
import { isStorable } from '../storable.ts'
import type { Operation } from './operation.ts'

const query = z.object({
  migrated: z
    .enum(['true', 'false'], must('true or false'))
    .transform((word) => word === 'true')
    .optional(),
  metadata: z
    .enum(['complete', 'too-large', 'not-found'], must('one of: complete, too-large, not-found'))
    .optional(),
  after: text.refine(isStorable, 'must not hold U+0000').optional(),
})

/** GET /v1/users */
export const exportUsers: Operation = {
  method: 'GET',
  scope: 'export:legacy_users',
  handle: async (request, { database }) => {
    const lines = exportLines(database, readQuery(request, query))
    // The first page is read before the status is sent: a database that is away is a 500 and not a
    // stream that breaks off.
    const first = await lines.next()
    return new Response(ReadableStream.from(encode(first, lines)), {
      headers: { 'content-type': 'application/x-ndjson' },
    })
  },
}

async function* encode(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  if (!first.done) yield encoder.encode(first.value)
  for await (const lines of rest) yield encoder.encode(lines)
}
