import { Agent, fetch, type Response } from 'undici'
import type { Mark } from '../core/legacy-answer.ts'
import { markRequest, processMarkResponse } from '../core/legacy-api.ts'
import { type CommandContext, CommandError } from './command.ts'
import { checkUrls, readSettings } from './command-line.ts'
import { type Sent, send } from './legacy-operator/send.ts'
import { requestToken, type Scope } from './legacy-operator/token.ts'

/** How the legacy store answered. `failed` is an outage, or an answer that is not of the contract. */
export type Unmarked = 'failed' | 'migratedToAnother' | 'notFound' | 'unmarked'

export type Marked = 'failed' | 'marked' | 'migratedToAnother' | 'notFound'

/** The legacy API by an operator's own client: not the one of the Actions, nor that of the scripts. */
export interface LegacyOperator {
  readonly apiUrl: string
  /**
   * Takes the mark of a user back.
   *
   * @throws {CommandError} `request_failed` when the client may not do that at all.
   */
  unmark(legacyId: string, auth0UserId: string): Promise<Unmarked>
  /**
   * Marks a user. Idempotent.
   *
   * @throws {CommandError} `request_failed` when the client may not do that at all.
   */
  mark(legacyId: string, mark: Mark): Promise<Marked>
  /**
   * Reads what an operator may read: `v1/migration`. The body is still to be read, and may be a long
   * stream: what of it takes a minute to come is an error there.
   *
   * @returns Null when there was no answer, or none of use (429, 5xx).
   * @throws {CommandError} `request_failed` when the client may not do that; `interrupted`.
   */
  read(scope: ReadScope, path: string): Promise<Response | null>
}

export type ReadScope = 'export:legacy_users' | 'read:legacy_users'

/** Milliseconds. */
const silenceTimeout = 60_000

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
  const tokens = new Map<Scope, Promise<string>>()

  /** A token of one scope: a grant without the others is enough for it. */
  async function authorization(scope: Scope): Promise<{ readonly authorization: string }> {
    const token = tokens.get(scope) ?? requestToken(settings, scope, signal)
    tokens.set(scope, token)
    return { authorization: `Bearer ${await token}` }
  }

  async function change(scope: Scope, url: string, request: Change): Promise<Changed> {
    for (const lastTry of [false, true]) {
      const headers = { ...request.headers, ...(await authorization(scope)) }
      const answer = await send(url, { ...request, headers }, signal)
      // Marking millions of users takes longer than a token lasts.
      if (answer?.status === 401 && !lastTry) tokens.delete(scope)
      else return answerOf(answer, scope)
    }
    return 'failed'
  }

  return {
    apiUrl,
    async unmark(legacyId, auth0UserId) {
      const query = `auth0_user_id=${encodeURIComponent(auth0UserId)}`
      const url = `${apiUrl}/v1/users/${encodeURIComponent(legacyId)}/migration?${query}`
      const outcome = await change('unmark:legacy_users', url, { method: 'DELETE' })
      return outcome === 'done' ? 'unmarked' : outcome
    },
    async mark(legacyId, mark) {
      const { body = '', method, url } = markRequest(apiUrl, legacyId, mark)
      const headers = { 'content-type': 'application/json' }
      const outcome = await change('update:legacy_users', url, { method, headers, body })
      return outcome === 'done' ? 'marked' : outcome
    },
    async read(scope, path) {
      for (const lastTry of [false, true]) {
        const headers = await authorization(scope)
        const response = await open(`${apiUrl}/${path}`, headers, signal)
        if (response === null || response.ok) return response
        await response.body?.cancel()
        // The token of a stream that is gone on with hours later has run out.
        if (response.status === 401 && !lastTry) tokens.delete(scope)
        else if (response.status === 429 || response.status >= 500) return null
        else throw refused(response.status, scope)
      }
      return null
    },
  }
}

async function open(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response | null> {
  try {
    return await fetch(url, { headers, redirect: 'error', signal, dispatcher: patient })
  } catch (cause) {
    if (signal.aborted) throw new CommandError('interrupted', 'Interrupted.', { cause })
    return null
  }
}

const patient = new Agent({ headersTimeout: silenceTimeout, bodyTimeout: silenceTimeout })

interface Change {
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

type Changed = 'done' | 'failed' | 'migratedToAnother' | 'notFound'

function answerOf(answer: Sent | null, scope: Scope): Changed {
  if (answer === null) return 'failed'
  const read = processMarkResponse(answer)
  if (read.type === 'marked') return 'done'
  if (read.type === 'problem' && read.problem === 'user-not-found') return 'notFound'
  if (read.type === 'problem' && read.problem === 'migrated-to-another-user') {
    return 'migratedToAnother'
  }
  if (answer.status === 401 || answer.status === 403) {
    throw refused(answer.status, scope)
  }
  return 'failed'
}

function refused(status: number, scope: Scope): CommandError {
  const why =
    status === 401 || status === 403
      ? `has LEGACY_OPERATOR_CLIENT_ID the scope ${scope}?`
      : 'is LEGACY_API_URL that of the contract?'
  return new CommandError('request_failed', `The legacy API answered ${status}: ${why}`)
}
