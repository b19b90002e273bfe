import type { ActionCache } from './action-cache.ts'
import type { Turn } from './api-method.ts'
import { exceedsTokenLimit } from './custom-claims.ts'
import { type MetadataChanges, metadataBytes } from './metadata-changes.ts'
import type { PostLoginOutcome, PostLoginRun } from './runtime.ts'
import { keptLogs, startTrigger, type TriggerState } from './trigger-state.ts'
import type { TransactionMetadataValue } from './types/post-login/transaction.ts'
import type { Event } from './types/post-login/v3.ts'

/** What the Actions of one login have asked for so far. */
export interface LoginState extends TriggerState {
  readonly event: PostLoginRun['event']
  readonly directory: PostLoginRun['directory']
  denied: PostLoginOutcome['denied']
  interaction: PostLoginOutcome['interaction']
  multifactor: PostLoginOutcome['multifactor']
  primaryUser: string | null
  /** The Action that did so in this execution. */
  primaryUserSetBy: string | null
  readonly appMetadata: MetadataChanges
  readonly userMetadata: MetadataChanges
  /** Bytes of metadata that were written when this login last stopped for the user. */
  readonly writtenBytes: PostLoginOutcome['writtenBytes']
  readonly transactionMetadata: Map<string, TransactionMetadataValue>
  readonly idTokenClaims: Map<string, unknown>
  readonly accessTokenClaims: Map<string, unknown>
  readonly addedScopes: Set<string>
  readonly removedScopes: Set<string>
  targetScopes: readonly string[] | null
  readonly recordedMethods: Set<string>
  readonly samlAttributes: Map<string, unknown>
}

/** One Action's turn in a login. */
export interface LoginTurn extends Turn<LoginState, Event> {
  /** What earlier Actions have set: what is left when this one sets another primary user. */
  readonly metadataBefore: readonly [app: MetadataChanges, user: MetadataChanges]
}

/** Begins a login, or goes on with what it had when it stopped for the user. */
export function startLogin(
  { event, directory, resume }: Omit<PostLoginRun, 'actions'>,
  cache: ActionCache,
  now: () => number,
): LoginState {
  return {
    ...startTrigger(cache, now),
    event,
    directory,
    denied: null,
    interaction: null,
    multifactor: resume?.multifactor ?? null,
    primaryUser: resume?.primaryUser ?? null,
    primaryUserSetBy: null,
    // Pending metadata is written before the user leaves: none is carried over.
    // https://auth0.com/docs/manage-users/user-accounts/metadata/manage-user-metadata
    appMetadata: new Map(),
    userMetadata: new Map(),
    writtenBytes: resume?.writtenBytes ?? { app_metadata: 0, user_metadata: 0 },
    transactionMetadata: new Map(
      Object.entries(resume?.transactionMetadata ?? event.transaction?.metadata ?? {}),
    ),
    idTokenClaims: new Map(Object.entries(resume?.idTokenClaims ?? {})),
    accessTokenClaims: new Map(Object.entries(resume?.accessTokenClaims ?? {})),
    addedScopes: new Set(resume?.addedScopes),
    removedScopes: new Set(resume?.removedScopes),
    targetScopes: resume?.targetScopes ?? null,
    recordedMethods: new Set(resume?.recordedMethods),
    samlAttributes: new Map(),
  }
}

/** The docs do not say which of two stands (assumption `first-denial-stands`). */
export function deny(login: LoginState, action: string, reason: string): void {
  login.denied ??= { reason, action }
}

/** Ends the login and says what Auth0 is to do with it. */
export function finishLogin(login: LoginState, elapsedMs: number): PostLoginOutcome {
  login.over = true
  const idTokenClaims = Object.fromEntries(login.idTokenClaims)
  const accessTokenClaims = Object.fromEntries(login.accessTokenClaims)
  denyOverTokenLimit(login, 'idToken', idTokenClaims)
  denyOverTokenLimit(login, 'accessToken', accessTokenClaims)
  return {
    denied: login.denied,
    interaction: login.denied === null ? interactionOf(login) : null,
    multifactor: login.multifactor,
    primaryUser: login.primaryUser,
    appMetadata: Object.fromEntries(login.appMetadata),
    userMetadata: Object.fromEntries(login.userMetadata),
    writtenBytes: {
      app_metadata: login.writtenBytes.app_metadata + metadataBytes(login.appMetadata),
      user_metadata: login.writtenBytes.user_metadata + metadataBytes(login.userMetadata),
    },
    transactionMetadata: Object.fromEntries(login.transactionMetadata),
    idTokenClaims,
    accessTokenClaims,
    addedScopes: [...login.addedScopes],
    removedScopes: [...login.removedScopes],
    targetScopes: login.targetScopes,
    recordedMethods: [...login.recordedMethods],
    calls: login.calls,
    logs: keptLogs(login),
    elapsedMs,
  }
}

/** The challenge of `multifactor.enable` comes last, when no Action waits for anything else. */
function interactionOf({ interaction, multifactor }: LoginState): PostLoginOutcome['interaction'] {
  if (interaction !== null || multifactor === null) return interaction
  return { method: 'multifactor.enable', action: multifactor.action }
}

function denyOverTokenLimit(
  login: LoginState,
  token: 'accessToken' | 'idToken',
  claims: Readonly<Record<string, unknown>>,
): void {
  if (!exceedsTokenLimit(claims)) return
  const last = login.calls.findLast(({ method }) => method === `${token}.setCustomClaim`)
  const reason = `Custom claims of the ${token} exceed 100 KB`
  deny(login, last?.action ?? '', reason)
  login.uncaught ??= { error: new Error(reason), limit: true }
}
