import type { Event, PostLoginAPI } from '../actions-testing/types/post-login/v3.ts'
import { finishBackfill, planBackfill } from '../core/backfill.ts'
import { type Claim, isClaimNamespace, prepareClaims, setClaims } from '../core/claims.ts'
import {
  type LegacyAnswer,
  markRequest,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
} from '../core/legacy-api.ts'
import { decideAudience } from '../core/legacy-audience.ts'
import type { LoginUser } from '../core/legacy-identity.ts'
import { type LogEntry, logLine } from '../core/log-line.ts'
import type { LoginChanges } from '../core/login-changes.ts'
import { finishMark, planMark } from '../core/mark.ts'
import { budgets, type MigrationConfig } from '../core/migration-config.ts'
import { readPhase } from '../core/phase.ts'
import { readLegacyApiSettings, readSetting } from '../core/settings.ts'
import type { TokenMemory } from './access-tokens.ts'
import { cacheOf } from './action-token-cache.ts'
import { callLegacyApi, type LegacyCall } from './legacy-api-client.ts'

/** `onExecutePostLogin`, as Auth0 calls it. */
export type PostLoginAction = (event: Event, api: PostLoginAPI) => Promise<void>

type Clock = () => number

/** Denies every login that would end in a token for the legacy API. */
export function protectLegacyAudience(): PostLoginAction {
  return async function onExecutePostLogin(event, api) {
    const decision = decideAudience(event, event.secrets)
    if (decision === 'allow') return
    if (decision === 'deny-unconfigured') {
      log('protect-legacy-audience', { code: 'setting_missing', settings: ['LEGACY_API_AUDIENCE'] })
    }
    api.access.deny('This API is not available to users.')
  }
}

/** Fills in metadata that an interrupted first login lost. */
export function backfillMetadata(config: MigrationConfig, now: Clock = Date.now): PostLoginAction {
  const budget = config.backfill.budget ?? budgets.backfill
  const memory: TokenMemory = {}
  return hygieneStep('backfill-metadata', {
    plan: (user) => planBackfill(user, config, now),
    async carryOut(plan, event, api) {
      if (plan.type === 'change') return plan.changes
      const { legacyId } = plan.identity
      const answer = await ask(event, api, memory, now, (apiUrl) => ({
        request: readUserRequest(apiUrl, legacyId),
        process: (response) => processUserResponse(response, legacyId),
        ...patience(event, budget),
      }))
      return finishBackfill(event.user, plan.identity, answer, now())
    },
  })
}

/** Tells the legacy store that the user lives in Auth0 now. */
export function markMigrated(config: MigrationConfig, now: Clock = Date.now): PostLoginAction {
  const budget = config.mark?.budget ?? budgets.mark
  const memory: TokenMemory = {}
  return hygieneStep('mark-migrated', {
    plan: (user) => planMark(user, config, now),
    async carryOut(plan, event, api) {
      const answer = await ask(event, api, memory, now, (apiUrl) => ({
        request: markRequest(apiUrl, plan.legacyId, plan.mark),
        process: processMarkResponse,
        ...patience(event, budget),
      }))
      return finishMark(event.user, answer, now())
    },
  })
}

/** Sets namespaced claims from the allow-list of the config. */
export function copyMetadata(config: MigrationConfig): PostLoginAction {
  const name = 'copy-metadata'
  // Prepared once an instance: a secret changes with a deployment only.
  let namespace: string | null | undefined = null
  let prepared: PreparedClaims = { claims: [], fault: null }
  return async function onExecutePostLogin(event, api) {
    try {
      if (event.secrets.CLAIM_NAMESPACE !== namespace) {
        namespace = event.secrets.CLAIM_NAMESPACE
        prepared = prepare(config, readSetting(event.secrets, 'CLAIM_NAMESPACE'))
      }
      const { claims, fault } = prepared
      if (fault !== null) return log(name, fault)
      const { idToken, accessToken } = api
      const leftOut = setClaims(claims, event.user, idToken, accessToken, config.claimsBudget)
      if (leftOut > 0) log(name, { code: 'claims_over_budget', claims: leftOut })
    } catch {
      tellUnexpected(name)
    }
  }
}

interface PreparedClaims {
  readonly claims: readonly Claim[]
  readonly fault: LogEntry | null
}

function prepare(config: MigrationConfig, namespace: string | undefined): PreparedClaims {
  if (namespace !== undefined && isClaimNamespace(namespace)) {
    return { claims: prepareClaims(config.claims, namespace), fault: null }
  }
  const code = namespace === undefined ? 'setting_missing' : 'setting_invalid'
  return { claims: [], fault: { code, settings: ['CLAIM_NAMESPACE'] } }
}

interface HygieneStep<Plan> {
  /** Runs at every login: no promise, no network, no clock unless the stamp asks for it. */
  readonly plan: (user: LoginUser) => Plan | null
  readonly carryOut: (plan: Plan, event: Event, api: PostLoginAPI) => Promise<LoginChanges>
}

/**
 * What backfill and mark have in common: whatever happens, the login goes on, and the step is done at
 * a later one.
 */
function hygieneStep<Plan>(name: string, step: HygieneStep<Plan>): PostLoginAction {
  return async function onExecutePostLogin(event, api) {
    try {
      const plan = step.plan(event.user)
      if (plan === null || isSwitchedOff(event, name)) return
      // What awaits stands apart: V8 makes room for a wait at every call, also where none comes.
      return conclude(name, step.carryOut(plan, event, api), api)
    } catch {
      tellUnexpected(name)
    }
  }
}

async function conclude(
  name: string,
  changes: Promise<LoginChanges>,
  api: PostLoginAPI,
): Promise<void> {
  try {
    apply(name, await changes, api)
  } catch {
    tellUnexpected(name)
  }
}

/** The message of what was thrown may quote a profile: only the code is told. */
function tellUnexpected(name: string): void {
  log(name, { code: 'unexpected_error' })
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

async function ask(
  event: Event,
  api: PostLoginAPI,
  memory: TokenMemory,
  now: Clock,
  callTo: (apiUrl: string) => LegacyCall,
): Promise<LegacyAnswer> {
  const settings = readLegacyApiSettings(event.secrets, {
    id: 'LEGACY_ACTIONS_CLIENT_ID',
    secret: 'LEGACY_ACTIONS_CLIENT_SECRET',
  })
  if ('code' in settings) return { type: 'outage', ...settings }
  return callLegacyApi(callTo(settings.apiUrl), {
    settings,
    memory,
    cache: cacheOf(api.cache, now),
    now,
  })
}

/** Nobody watches a token refresh or a silent login wait: they give up soon, and leave it to the next. */
function patience(event: Event, budget: number): Pick<LegacyCall, 'attempts' | 'budget'> {
  const { protocol, prompt } = event.transaction ?? {}
  const unattended = protocol === 'oauth2-refresh-token' || prompt?.includes('none') === true
  return unattended ? { attempts: 1, budget: Math.min(budget, 1_000) } : { attempts: 3, budget }
}

function isSwitchedOff(event: Event, name: string): boolean {
  const phase = readPhase(event.secrets)
  if (phase === null) log(name, { code: 'setting_invalid', settings: ['MIGRATION_PHASE'] })
  return phase !== 'lazy'
}

function log(name: string, entry: LogEntry): void {
  console.log(logLine(name, entry))
}
