import { nearestName } from './did-you-mean.ts'
import { messageOf } from './error-message.ts'
import { kindOf } from './json-value.ts'
import type { TriggerState } from './trigger-state.ts'

/** What was run, for the message of a test that fails. */
interface Tested {
  readonly handler: string
  /** Names that the Action exports; null when it did not load. */
  readonly exported: readonly string[] | null
  /** Source text of a bundle; else empty. */
  readonly code: string
}

/** Why a test fails whose Action did not end well, and what to do about it where that can be told. */
export function whyFailed(
  name: string,
  { error, limit }: NonNullable<TriggerState['uncaught']>,
  tested: Tested,
): Error {
  const verb = limit ? 'failed' : 'threw'
  const message = `The Action ${name} ${verb}: ${messageOf(error)}${whatToDo(error, limit, tested)}`
  return new Error(message, { cause: error })
}

function whatToDo(error: unknown, limit: true | undefined, tested: Tested): string {
  const { code, exported, handler } = tested
  if (limit) {
    return /took longer/.test(messageOf(error))
      ? '. Is there a promise that never settles, or a stand-in that does not answer? timeoutMs gives it longer'
      : ''
  }
  if (!isError(error)) return ` (${kindOf(error)} was thrown, and no Error)`
  const required = (error as { readonly code?: unknown }).code === 'MODULE_NOT_FOUND'
  if (required) return '. Bundle it, or give the run a stand-in of it: the option modules'
  if (exported === null) return ofLoading(error, code)
  if (!exported.includes(handler)) return ofExports(handler, exported)
  return /reading 'then'|\.then is not a function/.test(error.message)
    ? '. Not everything of api is a promise: api.cache answers at once'
    : ''
}

/** An Error of any realm. */
function isError(error: unknown): error is Error {
  return Object.prototype.toString.call(error) === '[object Error]' || error instanceof Error
}

function ofLoading(error: Error, code: string): string {
  if (/^[^\n;{}()]*\.[cm]?[jt]s$/.test(code.trim())) {
    return `. A path was given: give the text of the file, by readFileSync('${code.trim()}', 'utf8')`
  }
  if (error.name !== 'SyntaxError') return ''
  if (/^\s*(async\s+)?function\s*\(/.test(code)) {
    return '. Is it a Rule? runRules of a runtime runs those, and an Action exports a handler'
  }
  return /\b(import|export)\b/.test(error.message)
    ? '. Actions are CommonJS: exports.onExecutePostLogin = …, and require'
    : '. It does not compile'
}

const otherRuns: Readonly<Record<string, string>> = {
  onExecuteCredentialsExchange: 'runCredentialsExchangeAction runs it',
  onExecutePostChangePassword: 'runAsynchronous of a runtime runs it',
  onExecutePostLogin: 'runAction runs it',
  onExecutePostUserRegistration: 'runAsynchronous of a runtime runs it',
  onExecutePreUserRegistration: 'runPreUserRegistration of a runtime runs it',
}

function ofExports(handler: string, exported: readonly string[]): string {
  if (exported.length === 0)
    return `. It exports nothing: exports.${handler} = async (event, api) => {…}`
  const other = exported.find((name) => name in otherRuns)
  if (other !== undefined) return `. It exports ${other}: ${otherRuns[other]}`
  const nearest = nearestName(handler, exported)
  return nearest === null
    ? `. It exports ${exported.join(', ')}`
    : `. It exports ${nearest}: is that what is meant?`
}

/** Ways to send the user away that come back to `onContinuePostLogin`. */
const ways: readonly unknown[] = ['prompt.render', 'redirect.sendUserTo']

/**
 * An Action that sends the user away and has nowhere for them to come back to (assumption
 * `redirect-without-continue-fails`); null when it is none.
 */
export function noWayBack(
  name: string,
  outcome: object,
  exported: readonly string[] | null,
): Error | null {
  const { interaction } = outcome as { readonly interaction?: { readonly method: string } | null }
  if (!ways.includes(interaction?.method) || exported?.includes('onContinuePostLogin')) return null
  return new Error(
    `The Action ${name} sends the user away by api.${interaction?.method}, and does not export onContinuePostLogin: the login fails when they are back`,
  )
}
