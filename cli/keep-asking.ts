import { CommandError } from './command.ts'
import { pause } from './pause.ts'

/** Milliseconds. */
const longestWait = 65_000
const firstWait = 500
/** What is waited for as long as that is told. */
const longWait = 3_000
/** Of one request: while the tenant says 429, and while it fails. */
const mostTries = 8
const mostFailures = 4

interface Asked {
  readonly status: number
  readonly headers: Headers
}

export interface Patience {
  readonly domain: string
  readonly signal: AbortSignal | undefined
  readonly now: () => number
  readonly say: ((line: string) => void) | undefined
}

/**
 * Asks again: after a 429 when the tenant says that it may, and where that does no harm after a 5xx or
 * no answer at all.
 *
 * @param repeatable Whether doing it twice does no harm.
 * @returns The last answer, whatever it is.
 * @throws {CommandError} As `ask` at last; `interrupted`.
 */
export async function keepAsking<Answer extends Asked>(
  { domain, now, say, signal }: Patience,
  ask: () => Promise<Answer>,
  repeatable: boolean,
): Promise<Answer> {
  let failures = 0
  for (let tries = 1; ; tries += 1) {
    const answer = await ask().catch((error: unknown) => {
      failures += 1
      if (!repeatable || failures === mostFailures || !isPassing(error)) throw error
      say?.(`${messageOf(error)} It is asked again (${failures} of ${mostFailures - 1}).`)
      return null
    })
    if (answer !== null) {
      if (answer.status >= 500) failures += 1
      const failed = answer.status >= 500 && repeatable && failures < mostFailures
      const throttled = answer.status === 429 && tries < mostTries
      if (!failed && !throttled) return answer
    }
    const wait = answer?.status === 429 ? waitAfter(answer.headers, now(), tries) : undefined
    if (wait !== undefined && wait >= longWait) {
      say?.(`${domain} is at its rate limit: waiting for ${Math.ceil(wait / 1_000)} seconds.`)
    }
    await pause(wait ?? firstWait * 2 ** (failures - 1), signal)
  }
}

/** Milliseconds. https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy */
function waitAfter(headers: Headers, now: number, tries: number): number {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1_000
  const wait = Number.isFinite(reset) && reset > 0 ? reset - now : firstWait * 2 ** tries
  return Math.min(Math.max(wait, 250), longestWait)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A name that does not resolve or a certificate that is not trusted stays so. */
function isPassing(error: unknown): boolean {
  return error instanceof CommandError && error.code === 'tenant_unreachable'
}
