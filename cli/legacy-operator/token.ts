import { isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { pause } from '../pause.ts'
import { type Sent, send } from './send.ts'

export type Scope =
  | 'export:legacy_users'
  | 'read:legacy_users'
  | 'unmark:legacy_users'
  | 'update:legacy_users'

export interface OperatorSettings {
  readonly LEGACY_API_AUDIENCE: string
  readonly LEGACY_TOKEN_URL: string
  readonly LEGACY_OPERATOR_CLIENT_ID: string
  readonly LEGACY_OPERATOR_CLIENT_SECRET: string
}

const mostTries = 4
/** Milliseconds. */
const firstWait = 250

/**
 * Asks for a token of one scope. The endpoint is the tenant's: it may be busy for a moment.
 *
 * @throws {CommandError} `request_failed`; no secret stands in it. `interrupted`.
 */
export async function requestToken(
  settings: OperatorSettings,
  scope: Scope,
  signal: AbortSignal,
): Promise<string> {
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: settings.LEGACY_OPERATOR_CLIENT_ID,
    client_secret: settings.LEGACY_OPERATOR_CLIENT_SECRET,
    audience: settings.LEGACY_API_AUDIENCE,
    scope,
  })
  const headers = { 'content-type': 'application/json' }
  const ask = () => send(settings.LEGACY_TOKEN_URL, { method: 'POST', headers, body }, signal)
  let answer = await ask()
  for (let tries = 1; tries < mostTries && isPassing(answer); tries += 1) {
    await pause(firstWait * 2 ** (tries - 1), signal)
    answer = await ask()
  }
  const token = answer?.status === 200 ? tokenIn(answer.body) : undefined
  if (token !== undefined) return token
  const status = answer === null ? 'no answer' : `status ${answer.status}`
  const why = `LEGACY_TOKEN_URL gave no token for ${scope}: ${status}.`
  throw new CommandError('request_failed', why)
}

function tokenIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) && typeof body.access_token === 'string' ? body.access_token : undefined
  } catch {
    return undefined
  }
}

function isPassing(answer: Sent | null): boolean {
  return answer === null || answer.status === 429 || answer.status >= 500
}
