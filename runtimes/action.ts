import type { Event, PostLoginAPI } from '../actions-testing/types/post-login/v3.ts'
import { finishBackfill, planBackfill } from '../core/backfill.ts'
import { type Claim, isClaimNamespace, prepareClaims, setClaims } from '../core/claims.ts'
import {
  markRequest,
  processMarkResponse,
  processUserResponse,
  readUserRequest,
} from '../core/legacy-api.ts'
import { decideAudience } from '../core/legacy-audience.ts'
import type { LegacyIdentity, LoginUser } from '../core/legacy-identity.ts'
import type { LogEntry } from '../core/log-line.ts'
import { finishMark, type MarkPlan, planMark } from '../core/mark.ts'
import { backfillBudget, type MigrationConfig, markBudget } from '../core/migration-config.ts'
import { readSetting } from '../core/settings.ts'
import {
  type HygieneStep,
  hygieneStep,
  log,
  type StepCall,
  tellUnexpected,
} from './hygiene-step.ts'
import type { InstanceMemory } from './legacy-api-client.ts'

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
export function backfillMetadata(
  config: MigrationConfig,
  now: Clock = Date.now,
  memory?: InstanceMemory,
): PostLoginAction {
  const step: HygieneStep = {
    name: 'backfill-metadata',
    budget: config.backfill.budget ?? backfillBudget,
    now,
    plan(user) {
      const plan = planBackfill(user, config, now)
      return plan?.type === 'read' ? readUser(user, plan.identity, now) : plan
    },
  }
  return hygieneStep(step, memory)
}

// Apart, as is `tellStore`: V8 would make room for what a closure holds at every login.
function readUser(user: LoginUser, identity: LegacyIdentity, now: Clock): StepCall {
  const { legacyId } = identity
  return {
    type: 'call',
    request: (apiUrl) => readUserRequest(apiUrl, legacyId),
    process: (response) => processUserResponse(response, legacyId),
    finish: (answer) => finishBackfill(user, identity, answer, now()),
  }
}

/** Tells the legacy store that the user lives in Auth0 now. */
export function markMigrated(
  config: MigrationConfig,
  now: Clock = Date.now,
  memory?: InstanceMemory,
): PostLoginAction {
  const step: HygieneStep = {
    name: 'mark-migrated',
    budget: config.mark?.budget ?? markBudget,
    now,
    plan(user) {
      const plan = planMark(user, config, now)
      return plan === null ? null : tellStore(user, plan, now)
    },
  }
  return hygieneStep(step, memory)
}

function tellStore(user: LoginUser, { legacyId, mark }: MarkPlan, now: Clock): StepCall {
  return {
    type: 'call',
    request: (apiUrl) => markRequest(apiUrl, legacyId, mark),
    process: processMarkResponse,
    finish: (answer) => finishMark(user, answer, now()),
  }
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
