import {
  denyExchange,
  type ExchangeState,
  type ExchangeTurn,
  exchangeMethods,
} from './credentials-exchange-methods.ts'
import type {
  CredentialsExchangeOutcome,
  CredentialsExchangeRun,
} from './credentials-exchange-run.ts'
import { exceedsTokenLimit } from './custom-claims.ts'
import { membersOfExchangeEvent } from './event-members.ts'
import { createApi, methodNames } from './trigger-api.ts'
import { type FlowEnvironment, type Followed, runTrigger, type Trigger } from './trigger-flow.ts'
import { keptLogs, startTrigger } from './trigger-state.ts'
import type { Event } from './types/credentials-exchange/v2.ts'

/** Every method of the api, as `calls` names them. */
export const credentialsExchangeMethodNames = methodNames(exchangeMethods)

/**
 * Runs the Actions of one client credentials exchange in order. A denial or an uncaught error ends it
 * after the Action that it came from.
 *
 * @throws {Error} Where it is strict: a secret that was not given, a member that does not exist.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/credentials-exchange
 */
export async function runCredentialsExchangeFlow(
  run: CredentialsExchangeRun,
  environment: FlowEnvironment,
): Promise<CredentialsExchangeOutcome> {
  return (await followCredentialsExchange(run, environment)).outcome
}

/** As `runCredentialsExchangeFlow`, with what the first Action that failed threw. */
export async function followCredentialsExchange(
  { actions, event }: CredentialsExchangeRun,
  environment: FlowEnvironment,
): Promise<Followed<CredentialsExchangeOutcome>> {
  const state: ExchangeState = {
    ...startTrigger(environment.cache, environment.now),
    event,
    denied: null,
    accessTokenClaims: new Map(),
    targetScopes: null,
  }
  const elapsedMs = await runTrigger(actions, exchangeTrigger(state), environment)
  const outcome = finishExchange(state, elapsedMs)
  if (state.misuse !== null) throw state.misuse
  return { outcome, uncaught: state.uncaught }
}

/** What an exchange amounts to whose Actions never got to answer. */
export function failedExchange(action: string, reason: string): CredentialsExchangeOutcome {
  return {
    denied: { code: 'server_error', reason, action },
    accessTokenClaims: {},
    targetScopes: null,
    calls: [],
    logs: [],
    elapsedMs: 0,
  }
}

function exchangeTrigger(state: ExchangeState): Trigger<ExchangeState, ExchangeTurn> {
  return {
    state,
    eventMembers: membersOfExchangeEvent,
    handlerOf: () => 'onExecuteCredentialsExchange',
    eventFor: ({ secrets }) => ({ ...eventNow(state), secrets }),
    startTurn: (turn) => ({ ...turn, event: turn.event as Event }),
    createApi: (turn) => createApi(turn, exchangeMethods),
    stopped: () => state.denied !== null,
    // Which code Auth0 answers with is not documented (assumption `error-is-server-error`): the only
    // one of the three that blames no client.
    fail: (action, reason) => denyExchange(state, action, 'server_error', reason),
  }
}

/** The event with what the Actions before have asked of the token. */
function eventNow({ accessTokenClaims, event, targetScopes }: ExchangeState): object {
  const { accessToken, transaction } = event
  const claims = [...Object.entries(accessToken.customClaims), ...accessTokenClaims]
  const target_scopes = targetScopes ?? transaction.target_scopes ?? accessToken.scope
  return {
    ...event,
    accessToken: { ...accessToken, customClaims: Object.fromEntries(claims) },
    transaction: { ...transaction, target_scopes },
  }
}

function finishExchange(state: ExchangeState, elapsedMs: number): CredentialsExchangeOutcome {
  const accessTokenClaims = Object.fromEntries(state.accessTokenClaims)
  if (exceedsTokenLimit(accessTokenClaims)) {
    const last = state.calls.findLast(({ method }) => method === 'accessToken.setCustomClaim')
    const reason = 'Custom claims of the accessToken exceed 100 KB'
    denyExchange(state, last?.action ?? '', 'server_error', reason)
    state.uncaught ??= { error: new Error(reason), limit: true }
  }
  const { calls, denied, targetScopes } = state
  return { denied, accessTokenClaims, targetScopes, calls, logs: keptLogs(state), elapsedMs }
}
