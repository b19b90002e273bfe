import { businessProblem } from '../problem.ts'
import { readLegacyId } from '../request-input.ts'
import { findUser } from '../users.ts'
import type { Operation } from './operation.ts'

/** GET /v1/users/{legacy_id} */
export const readUser: Operation = {
  method: 'GET',
  scope: 'read:legacy_users',
  handle: async (request, { database }) => {
    const user = await findUser(database, readLegacyId(request))
    return user === null ? businessProblem('user-not-found') : Response.json(user)
  },
}
