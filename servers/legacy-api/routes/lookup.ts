import * as z from 'zod'
import { businessProblem } from '../problem.ts'
import { readJson, text } from '../request-input.ts'
import { findByIdentifier } from '../users.ts'
import type { Operation } from './operation.ts'

const body = z.object({ identifier: text }, 'must be an object')

/** POST /v1/users/lookup */
export const lookUpUser: Operation = {
  method: 'POST',
  scope: 'read:legacy_users',
  handle: async (request, { database }) => {
    const { identifier } = await readJson(request, body)
    const [first, second] = await findByIdentifier(database, identifier)
    if (first === undefined) return businessProblem('user-not-found')
    if (second !== undefined) return businessProblem('ambiguous')
    return Response.json(first.user)
  },
}
