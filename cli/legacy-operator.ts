import { fetch } from 'undici'
import { processMarkResponse } from '../core/legacy-api.ts'
import { isObject } from './auth0-tenant.ts'
import { type CommandContext, CommandError } from './command.ts'
import { checkUrls, readSettings } from './command-line.ts'

/** How the legacy store answered. `failed` is an outage, or an answer that is not of the contract. */
export type Unmarked = 'failed' | 'migratedToAnother' | 'notFound' | 'unmarked'

/** The legacy API by an operator's own client: not the one of the Actions, nor that of the scripts. */
export interface LegacyOperator {
  readonly apiUrl: string
  /**
   * Takes the mark of a user back.
   *
   * @throws {CommandError} `request_failed` when the client may not do that at all.
   */
  unmark(legacyId: string, auth0UserId: string): Promise<Unmarked>
}

/** Milliseconds. */
const requestTimeout = 15_000

const names = [
  'LEGACY_API_URL',
  'LEGACY_API_AUDIENCE',
  'LEGACY_TOKEN_URL',
  'LEGACY_OPERATOR_CLIENT_ID',
  'LEGACY_OPERATOR_CLIENT_SECRET',
] as const

/** @throws {CommandError} `setting_missing`, `setting_invalid`. */
export function connectLegacyOperator({ env, signal }: CommandContext): LegacyOperator {
  const settings = readSettings(env, names)
  const { LEGACY_API_URL, LEGACY_TOKEN_URL } = settings
  checkUrls({ LEGACY_API_URL, LEGACY_TOKEN_URL })
  const apiUrl = LEGACY_API_URL.replace(/\/+$/, '')
  let token: Promise<string> | undefined
  return {
    apiUrl,
    async unmark(legacyId, auth0UserId) {
      token ??= requestToken(settings, signal)
      const query = `auth0_user_id=${encodeURIComponent(auth0UserId)}`
      const url = `${apiUrl}/v1/users/${encodeURIComponent(legacyId)}/migration?${query}`
      const headers = { authorization: `Bearer ${await token}` }
      return answerOf(await send(url, { method: 'DELETE', headers }, signal))
    },
  }
}

function answerOf(answer: Sent | null): Unmarked {
  if (answer === null) return 'failed'
  const read = processMarkResponse(answer)
  if (read.type === 'marked') return 'unmarked'
  if (read.type === 'problem' && read.problem === 'user-not-found') return 'notFound'
  if (read.type === 'problem' && read.problem === 'migrated-to-another-user') {
    return 'migratedToAnother'
  }
  if (answer.status === 401 || answer.status === 403) {
    const message = `The legacy API answered ${answer.status}: has LEGACY_OPERATOR_CLIENT_ID the scope unmark:legacy_users?`
    throw new CommandError('request_failed', message)
  }
  return 'failed'
}

async function requestToken(
  settings: Readonly<Record<(typeof names)[number], string>>,
  signal: AbortSignal,
): Promise<string> {
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: settings.LEGACY_OPERATOR_CLIENT_ID,
    client_secret: settings.LEGACY_OPERATOR_CLIENT_SECRET,
    audience: settings.LEGACY_API_AUDIENCE,
    scope: 'unmark:legacy_users',
  })
  const headers = { 'content-type': 'application/json' }
  const answer = await send(settings.LEGACY_TOKEN_URL, { method: 'POST', headers, body }, signal)
  const token = answer?.status === 200 ? tokenIn(answer.body) : undefined
  if (token !== undefined) return token
  const status = answer === null ? 'no answer' : `status ${answer.status}`
  throw new CommandError('request_failed', `LEGACY_TOKEN_URL gave no token: ${status}.`)
}

interface Sent {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** @returns Null when there was no answer. @throws {CommandError} `interrupted`. */
async function send(
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
  signal: AbortSignal,
): Promise<Sent | null> {
  try {
    const timeout = AbortSignal.timeout(requestTimeout)
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    })
    const [contentType = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';')
    return { status: response.status, contentType: contentType.trim(), body: await response.text() }
  } catch (cause) {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.', { cause })
    return null
  }
}

function tokenIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return isObject(body) && typeof body.access_token === 'string' ? body.access_token : undefined
  } catch {
    return undefined
  }
}
