import { type ActionCache, createActionCache } from './action-cache.ts'
import { checkDeployable } from './action-limits.ts'
import { type ActionUnderTest, loaderOf } from './action-under-test.ts'
import { createCredentialsExchangeEvent } from './credentials-exchange-event.ts'
import { followCredentialsExchange } from './credentials-exchange-flow.ts'
import type { CredentialsExchangeOutcome } from './credentials-exchange-run.ts'
import type { Overrides } from './deep-merge.ts'
import { messageOf } from './error-message.ts'
import { createPostLoginEvent, seedOf } from './event.ts'
import { checkEvent } from './event-checks.ts'
import { exchangeEventMembers, loginEventMembers } from './event-members.ts'
import { defaultTimeoutMs } from './in-process-runtime.ts'
import { followPostLogin } from './post-login-flow.ts'
import type { DeployedAction, PostLoginOutcome, PostLoginRun } from './runtime.ts'
import { strictOutcome } from './strict-outcome.ts'
import type { FlowEnvironment, Followed } from './trigger-flow.ts'
import type { Event as ExchangeEvent } from './types/credentials-exchange/v2.ts'
import type { Event } from './types/post-login/v3.ts'

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
  /** Milliseconds. Default 20 000. */
  readonly timeoutMs?: number
  /** For a bundle: globals to replace, such as `fetch`. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** For a bundle: stand-ins for npm packages. */
  readonly modules?: Readonly<Record<string, unknown>>
  /**
   * What an error is that the Action does not catch. `reject`, the default: a failed test, or a
   * misspelt name would pass for a denial. `deny`: what it is on the platform.
   */
  readonly uncaught?: 'deny' | 'reject'
}

export type RunPostLoginOptions = RunActionOptions & Pick<PostLoginRun, 'directory' | 'resume'>

/** `seed` is that of the event, null when it is not known. */
export type Seeded<Outcome> = Outcome & { readonly seed: number | null }

/**
 * Runs one post-login Action for a unit test, in this process, as strictly as can be.
 *
 * @param event A whole event, or what is to be different in that of `createPostLoginEvent`.
 * @returns The outcome, of which reading a member that does not exist throws.
 * @throws {Error} With the seed of the event in its message: when the Action reads a secret or a
 *   member of `api` that is not there, also if it catches that; when it throws; for what no tenant
 *   would hold; and for an event with what Auth0 hides from Actions.
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
  return underTest(action, handler, whole, options, (actions, environment) =>
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
  return underTest(action, 'onExecuteCredentialsExchange', whole, options, (actions, environment) =>
    followCredentialsExchange({ actions, event: whole }, environment),
  )
}

function isWhole(event: object, members: readonly string[]): boolean {
  return members.every((member) => member in event)
}

async function underTest<Outcome extends object>(
  action: ActionUnderTest,
  handler: string,
  event: object,
  options: RunActionOptions,
  follow: (
    actions: readonly DeployedAction[],
    environment: FlowEnvironment,
  ) => Promise<Followed<Outcome>>,
): Promise<Seeded<Outcome>> {
  const { name = 'an-action' } = options
  const seed = seedOf(event)
  const note = seed === null ? '' : ` (event seed ${seed})`
  const code = typeof action === 'string' ? action : ''
  const deployed = { name, code, secrets: givenSecrets(options) }
  checkDeployable(deployed)
  try {
    const ofLogin = handler !== 'onExecuteCredentialsExchange'
    checkEvent(event, ofLogin ? loginEventMembers : exchangeEventMembers)
    const { outcome, uncaught } = await follow([deployed], environmentOf(action, handler, options))
    if (uncaught !== null && options.uncaught !== 'deny') throw thrown(name, uncaught.error)
    return strictOutcome({ ...outcome, seed }, 'outcome', note)
  } catch (cause) {
    const { cause: deeper = cause } = cause as Error
    throw new Error(`${messageOf(cause)}${note}`, { cause: deeper })
  }
}

function givenSecrets({ secrets = {} }: RunActionOptions): Record<string, string> {
  const given = Object.entries(secrets).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(given)
}

function thrown(name: string, cause: unknown): Error {
  return new Error(`The Action ${name} threw: ${messageOf(cause)}`, { cause })
}

function environmentOf(
  action: ActionUnderTest,
  handler: string,
  options: RunActionOptions,
): FlowEnvironment {
  const { now = Date.now, timeoutMs = defaultTimeoutMs } = options
  return {
    load: loaderOf(action, handler, options),
    cache: options.cache ?? createActionCache(now),
    now,
    timeoutMs,
    strictApi: true,
    strictSecrets: true,
    absentSecrets: Object.keys(options.secrets ?? {}),
  }
}
