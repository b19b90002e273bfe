import { expect } from 'vitest'
import type { Answers } from './world.ts'

/** What the token endpoint answers in the old tenant's place. */
export const answerTokens =
  (answer: () => Response): Answers =>
  ({ path }) =>
    path === '/oauth/token' ? answer() : undefined

export const refusal = (status: number, error: string, error_description = 'Something.') =>
  answerTokens(() => Response.json({ error, error_description }, { status }))

/** Neither a profile nor “wrong password”, and one line. */
export function failed(code: string, more: object = {}) {
  return {
    type: 'error',
    name: 'Error',
    message: expect.stringContaining(`(${code})`),
    log: [{ code, action: 'login', ...more }],
  }
}
