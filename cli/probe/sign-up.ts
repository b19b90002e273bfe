import { isObject } from '../auth0-tenant.ts'
import type { ProbeContext } from './context.ts'
import type { TestUser } from './users.ts'

/** What the sign-up endpoint answered. */
export interface SignUpAnswer {
  readonly status: number
  /** Auth0’s; empty when there is a user now. */
  readonly code: string
  /** What the person is to read; null when there is none. */
  readonly friendlyMessage: string | null
}

/** Signs up at the common application, as its own page would. */
export async function signUp(
  { commonApplication, send }: ProbeContext,
  { database: connection, email, password }: TestUser,
): Promise<SignUpAnswer> {
  const { client_id } = await commonApplication()
  const body = { client_id, connection, email, password }
  const answer = await send('POST', 'dbconnections/signup', body)
  const { code = '', friendly_message: message } = isObject(answer.body) ? answer.body : {}
  return {
    status: answer.status,
    code: String(code),
    friendlyMessage: typeof message === 'string' ? message : null,
  }
}
