import * as z from 'zod'
import { checkPassword } from '../passwords.ts'
import { businessProblem, untypedProblem } from '../problem.ts'
import { readJson, text } from '../request-input.ts'
import { countTry, forgetTries } from '../sign-in-attempts.ts'
import { findByIdentifier, type LegacyUser } from '../users.ts'
import type { Operation, OperationContext } from './operation.ts'

const credentials = z.object({ identifier: text, password: text }, 'must be an object')

/** POST /v1/users/authenticate */
export const authenticate: Operation = {
  method: 'POST',
  scope: 'authenticate:legacy_users',
  handle: async (request, context) => {
    const { identifier, password } = await readJson(request, credentials)
    const wait = await countTry(context.database, identifier, context.now())
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000)
      return untypedProblem(429, undefined, { 'retry-after': String(seconds) })
    }
    return check(identifier, password, context)
  },
}

async function check(
  identifier: string,
  password: string,
  { database }: OperationContext,
): Promise<Response> {
  const found = await findByIdentifier(database, identifier)
  const only = found.length === 1 ? found[0] : undefined
  const matches = await checkPassword(database, password, only?.password ?? null)
  if (found.length > 1) return businessProblem('ambiguous')
  if (only === undefined || !matches) return businessProblem('invalid-credentials')
  await forgetTries(database, identifier)
  return answer(only.user)
}

/** For someone who knows the password; only they learn what became of the account. */
function answer(user: LegacyUser): Response {
  if (user.blocked) return businessProblem('blocked')
  if (user.migrated_at !== null) return businessProblem('already-migrated')
  return Response.json(user)
}
