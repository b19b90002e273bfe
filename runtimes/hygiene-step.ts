import type { Event, PostLoginAPI } from '../actions-testing/types/post-login/v3.ts'
import type { HttpRequest } from '../core/http-message.ts'
import type { LegacyAnswer } from '../core/legacy-answer.ts'
import { readLegacyApiSettings } from '../core/legacy-api-settings.ts'
import type { LoginUser } from '../core/legacy-identity.ts'
import { type LogEntry, logLine } from '../core/log-line.ts'
import type { LoginChanges } from '../core/login-changes.ts'
import { readPhase } from '../core/phase.ts'
import { sharedMemory } from './action-cache.ts'
import { isOpen } from './circuit-breaker.ts'
import { actionsClient } from './client-secret.ts'
import {
  callLegacyApi,
  type InstanceMemory,
  type LegacyApi,
  type LegacyCall,
  type Patience,
} from './legacy-api-client.ts'

/** What a login needs from the kit, `null` for nothing. */
type StepPlan =
  | null
  /** Known without asking anybody. */
  | { readonly type: 'change'; readonly changes: LoginChanges }
  | StepCall

export interface StepCall {
  readonly type: 'call'
  readonly request: (apiUrl: string) => HttpRequest
  readonly process: LegacyCall['process']
  readonly finish: (answer: LegacyAnswer) => LoginChanges
}

export interface HygieneStep {
  /** Of the Action, for the log. */
  readonly name: string
  /** Milliseconds that one login may wait. */
  readonly budget: number
  readonly now: () => number
  /** Runs at every login: no promise, no network, no clock unless the stamp asks for it. */
  readonly plan: (user: LoginUser) => StepPlan
}

/** Least HTTP status of the legacy API that an Action takes for an outage. */
const serverError = 500

/**
 * What backfill and mark have in common: whatever happens, the login goes on, and the step is done at
 * a later one.
 *
 * @param memory Where what outlives a login is kept: with the Action, if nobody says otherwise.
 */
export function hygieneStep(step: HygieneStep, memory: InstanceMemory = {}) {
  return async function onExecutePostLogin(event: Event, api: PostLoginAPI): Promise<void> {
    try {
      const plan = step.plan(event.user)
      if (plan === null || isSwitchedOff(event, step.name)) return
      if (plan.type === 'change') return apply(step.name, plan.changes, api)
      const shared = sharedMemory(api.cache)
      // Silent, and as cheap as a login of a user who is done: in an outage it is most logins.
      if (isOpen(memory, shared, step.now())) return
      // What awaits stands apart: V8 makes room for a wait at every call, also where none comes.
      return carryOut(step, plan, event, api, { memory, shared, now: step.now, serverError })
    } catch {
      tellUnexpected(step.name)
    }
  }
}

async function carryOut(
  { name, budget }: HygieneStep,
  { request, process, finish }: StepCall,
  event: Event,
  api: PostLoginAPI,
  legacyApi: Omit<LegacyApi, 'settings'>,
): Promise<void> {
  try {
    const settings = readLegacyApiSettings(event.secrets, actionsClient)
    const answer: LegacyAnswer =
      'code' in settings
        ? { type: 'outage', ...settings }
        : await callLegacyApi(
            { request: request(settings.apiUrl), process },
            patience(event, budget),
            { ...legacyApi, settings },
          )
    apply(name, finish(answer), api)
  } catch {
    tellUnexpected(name)
  }
}

/** Nobody watches a token refresh or a silent login wait: they give up soon, and leave it to the next. */
function patience(event: Event, budget: number): Patience {
  const { protocol, prompt } = event.transaction ?? {}
  const unattended = protocol === 'oauth2-refresh-token' || prompt?.includes('none') === true
  return unattended ? { attempts: 1, budget: Math.min(budget, 1_000) } : { attempts: 5, budget }
}

function apply(name: string, changes: LoginChanges, api: PostLoginAPI): void {
  for (const [key, value] of Object.entries(changes.userMetadata)) {
    api.user.setUserMetadata(key, value)
  }
  // The stamp comes last: it must never say more than was done.
  for (const [key, value] of Object.entries(changes.appMetadata)) {
    api.user.setAppMetadata(key, value)
  }
  if (changes.log !== null) log(name, changes.log)
}

function isSwitchedOff(event: Event, name: string): boolean {
  const phase = readPhase(event.secrets)
  if (phase === null) log(name, { code: 'setting_invalid', settings: ['MIGRATION_PHASE'] })
  return phase !== 'lazy'
}

/** The message of what was thrown may quote a profile: only the code is told. */
export function tellUnexpected(name: string): void {
  log(name, { code: 'unexpected_error' })
}

export function log(name: string, entry: LogEntry): void {
  console.log(logLine(name, entry))
}
