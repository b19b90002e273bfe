import type { Method, Methods, Turn } from './api-method.ts'
import { json, name, text } from './argument-checks.ts'
import { cacheMethods } from './cache-methods.ts'
import {
  changeMetadata,
  type MetadataChanges,
  type MetadataKind,
  metadataAfter,
} from './metadata-changes.ts'
import type { PreUserRegistrationOutcome, PreUserRegistrationRun } from './registration-run.ts'
import { createApi, methodNames } from './trigger-api.ts'
import { type FlowEnvironment, runTrigger, type Trigger } from './trigger-flow.ts'
import { keptLogs, startTrigger, type TriggerState } from './trigger-state.ts'

interface RegistrationState extends TriggerState {
  readonly event: PreUserRegistrationRun['event']
  denied: PreUserRegistrationOutcome['denied']
  readonly changes: Readonly<Record<MetadataKind, MetadataChanges>>
}

type RegistrationTurn = Turn<RegistrationState>

function metadataMethod(kind: MetadataKind): Method<RegistrationTurn> {
  return {
    parameters: [
      ['key', name],
      ['value', json],
    ],
    run({ state }, key, value) {
      changeMetadata(
        { kind, changes: state.changes[kind], stored: state.event.user[kind] ?? {} },
        String(key),
        value,
      )
    },
  }
}

/** `access.deny` and `validation.error` end the same way; both texts are required. */
function denial(first: string, second: string): Method<RegistrationTurn> {
  return {
    parameters: [
      [first, text],
      [second, text],
    ],
    run: ({ state, action }, reason, message) =>
      deny(state, action, String(reason), String(message)),
  }
}

/** Every namespace and method of the reference page. */
const methods: Methods<RegistrationTurn> = {
  access: { deny: denial('reason', 'userMessage') },
  cache: cacheMethods,
  user: {
    setAppMetadata: metadataMethod('app_metadata'),
    setUserMetadata: metadataMethod('user_metadata'),
  },
  validation: { error: denial('errorCode', 'errorMessage') },
}

/** Every method of the api, as `calls` names them. */
export const preUserRegistrationMethodNames = methodNames(methods)

/**
 * Runs the Actions of one registration in order. A denial or an uncaught error refuses it after the
 * Action that it came from.
 *
 * @throws {Error} Where it is strict: a secret that was not given, a member that does not exist.
 * @see https://auth0.com/docs/customize/actions/explore-triggers/pre-user-registration
 */
export async function runPreUserRegistrationFlow(
  { actions, event }: PreUserRegistrationRun,
  environment: FlowEnvironment,
): Promise<PreUserRegistrationOutcome> {
  const state: RegistrationState = {
    ...startTrigger(environment.cache, environment.now),
    event,
    denied: null,
    changes: { app_metadata: new Map(), user_metadata: new Map() },
  }
  const elapsedMs = await runTrigger(actions, registrationTrigger(state), environment)
  if (state.misuse !== null) throw state.misuse
  const { calls, changes, denied } = state
  return {
    denied,
    appMetadata: Object.fromEntries(changes.app_metadata),
    userMetadata: Object.fromEntries(changes.user_metadata),
    calls,
    logs: keptLogs(state),
    elapsedMs,
  }
}

/** What a registration amounts to whose Actions never got to answer. */
export function failedRegistration(action: string, reason: string): PreUserRegistrationOutcome {
  const denied = { reason, userMessage: null, action }
  return { denied, appMetadata: {}, userMetadata: {}, calls: [], logs: [], elapsedMs: 0 }
}

function registrationTrigger(
  state: RegistrationState,
): Trigger<RegistrationState, RegistrationTurn> {
  const { changes, event } = state
  const metadata = (kind: MetadataKind) => metadataAfter(event.user[kind] ?? {}, changes[kind])
  const userNow = () => ({
    ...event.user,
    app_metadata: metadata('app_metadata'),
    user_metadata: metadata('user_metadata'),
  })
  return {
    state,
    handlerOf: () => 'onExecutePreUserRegistration',
    eventFor: ({ secrets }) => ({ ...event, secrets, user: userNow() }),
    startTurn: (turn) => turn,
    createApi: (turn) => createApi(turn, methods),
    stopped: () => state.denied !== null,
    fail: (action, reason) => deny(state, action, reason, null),
  }
}

/** The docs do not say which of two stands (assumption `first-denial-stands-in-other-triggers`). */
function deny(
  state: RegistrationState,
  action: string,
  reason: string,
  userMessage: string | null,
): void {
  state.denied ??= { reason, userMessage, action }
}
