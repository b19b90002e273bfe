import * as z from 'zod'
import { type MarkResult, mark, unmark } from '../migration.ts'
import { businessProblem } from '../problem.ts'
import { must, readJson, readLegacyId, readQuery, text } from '../request-input.ts'
import { isStorable } from '../storable.ts'
import type { Operation } from './operation.ts'

const auth0UserId = text.refine(isStorable, 'must not hold U+0000 or half a surrogate pair')

const migration = z.object(
  {
    auth0_user_id: auth0UserId,
    migrated_at: text
      // RFC 3339 allows `t` and `z`.
      .toUpperCase()
      .pipe(z.iso.datetime({ offset: true, ...must('a date-time of RFC 3339') }))
      // PostgreSQL has no year 0, and an offset may lead into it.
      .refine((time) => Date.parse(time) >= Date.UTC(1970), 'must not be before 1970'),
    metadata: z.enum(
      ['complete', 'too-large', 'not-found'],
      must('one of: complete, too-large, not-found'),
    ),
  },
  'must be an object',
)

/** PUT /v1/users/{legacy_id}/migration */
export const markMigrated: Operation = {
  method: 'PUT',
  scope: 'update:legacy_users',
  handle: async (request, { database }) => {
    const legacyId = readLegacyId(request)
    return answer(await mark(database, legacyId, await readJson(request, migration)))
  },
}

const unmarkQuery = z.object({ auth0_user_id: auth0UserId })

/** DELETE /v1/users/{legacy_id}/migration */
export const unmarkMigrated: Operation = {
  method: 'DELETE',
  scope: 'unmark:legacy_users',
  handle: async (request, { database }) => {
    const { auth0_user_id } = readQuery(request, unmarkQuery)
    return answer(await unmark(database, readLegacyId(request), auth0_user_id))
  },
}

function answer(result: MarkResult): Response {
  return result === 'done' ? new Response(null, { status: 204 }) : businessProblem(result)
}
