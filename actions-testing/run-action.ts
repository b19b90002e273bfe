import type { ActionCache } from './action-cache.ts'
import type { ActionUnderTest } from './action-under-test.ts'
import { createCredentialsExchangeEvent } from './credentials-exchange-event.ts'
import { followCredentialsExchange } from './credentials-exchange-flow.ts'
import type { CredentialsExchangeOutcome } from './credentials-exchange-run.ts'
import type { Overrides } from './deep-merge.ts'
import { createPostLoginEvent } from './event.ts'
import { membersOfExchangeEvent, membersOfLoginEvent } from './event-members.ts'
import { isPlainObject, kindOf } from './json-value.ts'
import { followPostLogin } from './post-login-flow.ts'
import type { PostLoginOutcome, PostLoginRun } from './runtime.ts'
import type { Event as ExchangeEvent } from './types/credentials-exchange/v2.ts'
import type { Event } from './types/post-login/v3.ts'
import { type Seeded, underTest } from './under-test.ts'

export interface RunActionOptions {
  /** Default `an-action`. */
  readonly name?: string
  /** `undefined` for a secret that is optional: it may be read, and is not there. */
  readonly secrets?: Readonly<Record<string, string | undefined>>
  /** Of the event, when only parts of it are given. Default 1. */
  readonly seed?: number
  /** Milliseconds since the Unix epoch, for cache and tokens. Default `Date.now`. */
  readonly now?: () => number
  /** To fill before or look into after. Default a new one. */
  readonly cache?: ActionCache
  /**
   * Milliseconds. Default 4 000: short of what test runners allow a test, so that the message is ours.
   * Auth0 allows all Actions of a trigger 20 000 together.
   */
  readonly timeoutMs?: number
  /** For a bundle: globals to replace, such as `fetch`. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** For a bundle: stand-ins for npm packages. */
  readonly modules?: Readonly<Record<string, unknown>>
  /**
   * What an error is that the Action does not catch, and a limit that it exceeds. `reject`, the default:
   * a failed test, or a misspelt name would pass for a denial. `deny`: what it is on the platform.
   */
  readonly uncaught?: 'deny' | 'reject'
}

export type RunPostLoginOptions = RunActionOptions & Pick<PostLoginRun, 'directory' | 'resume'>

/**
 * Runs one post-login Action for a unit test, in this process, as strictly as can be.
 *
 * @param event A whole event, or what is to be different in that of `createPostLoginEvent`.
 * @returns The outcome, of which reading a member that does not exist throws.
 * @throws {Error} With the seed of the event in its message: for a mistake that Auth0 would let pass,
 *   such as a secret or a member of `api` or `event` that is not there, also if the Action catches
 *   that; when it throws; for what no tenant would hold; and for an event with what Auth0 hides.
 */
export async function runAction(
  action: ActionUnderTest,
  event: Event | Overrides<Event> = {},
  options: RunPostLoginOptions = {},
): Promise<Seeded<PostLoginOutcome>> {
  const { directory, resume, seed } = options
  const whole = isWhole(event, ['client', 'connection', 'request', 'stats', 'tenant', 'user'])
    ? (event as Event)
    : createPostLoginEvent(event, seed === undefined ? {} : { seed })
  const handler = resume === undefined ? 'onExecutePostLogin' : 'onContinuePostLogin'
  const test = { action, handler, event: whole, given: event, members: membersOfLoginEvent }
  return underTest(test, options, (actions, environment) =>
    followPostLogin(
      { actions, event: whole, ...(directory && { directory }), ...(resume && { resume }) },
      environment,
    ),
  )
}

/** As `runAction`, of an Action of credentials-exchange. */
export async function runCredentialsExchangeAction(
  action: ActionUnderTest,
  event: ExchangeEvent | Overrides<ExchangeEvent> = {},
  options: RunActionOptions = {},
): Promise<Seeded<CredentialsExchangeOutcome>> {
  const { seed } = options
  const whole = isWhole(event, ['accessToken', 'client', 'request', 'resource_server', 'tenant'])
    ? (event as ExchangeEvent)
    : createCredentialsExchangeEvent(event, seed === undefined ? {} : { seed })
  const handler = 'onExecuteCredentialsExchange'
  const test = { action, handler, event: whole, given: event, members: membersOfExchangeEvent }
  return underTest(test, options, (actions, environment) =>
    followCredentialsExchange({ actions, event: whole }, environment),
  )
}

function isWhole(event: object, members: readonly string[]): boolean {
  if (!isPlainObject(event)) throw new TypeError(`event has to be an object, not ${kindOf(event)}`)
  return members.every((member) => member in event)
}
