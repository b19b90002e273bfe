import { exceedsTokenLimit, reachesAccessToken, reachesIdToken } from './custom-claims.ts'
import { messageOf } from './error-message.ts'
import { copyJson, isPlainObject } from './json-value.ts'
import type { RuleMetadataWrite, RulesOutcome, RulesRun } from './rules-run.ts'

type Json = Readonly<Record<string, unknown>>

/** What the Rules of one login have come to so far. */
export interface RulesState {
  denied: RulesOutcome['denied']
  /** As the last Rule handed it on; the realm of the Rules made it. */
  user: unknown
  context: unknown
  readonly writes: RuleMetadataWrite[]
  readonly logs: { readonly rule: string; readonly text: string }[]
}

/** Ends the Rules of a login and says what Auth0 is to do with it. */
export function finishRules(run: RulesRun, state: RulesState, elapsedMs: number): RulesOutcome {
  const user = readBack(run, state, 'user')
  const context = readBack(run, state, 'context')
  const { scope, ...accessToken } = objectOr(context.accessToken)
  const idTokenClaims = claimsOf(objectOr(context.idToken), (name) =>
    reachesIdToken(name, requestedScopes(context)),
  )
  const accessTokenClaims = claimsOf(accessToken, (name) =>
    reachesAccessToken(name, requestOf(context)),
  )
  denyOverTokenLimit(run, state, 'idToken', idTokenClaims)
  denyOverTokenLimit(run, state, 'accessToken', accessTokenClaims)
  const { primaryUser } = context
  const relinked = typeof primaryUser === 'string' && primaryUser !== run.user.user_id
  return {
    denied: state.denied,
    interaction: state.denied === null ? interactionOf(context) : null,
    user,
    context,
    primaryUser: relinked ? primaryUser : null,
    idTokenClaims,
    accessTokenClaims,
    scope: Array.isArray(scope) ? scope.map(String) : null,
    writes: [...state.writes],
    logs: state.logs,
    elapsedMs,
  }
}

/** A copy of what the Rules handed on; what is no JSON could not have left the platform's sandbox. */
function readBack(run: RulesRun, state: RulesState, part: 'context' | 'user'): Json {
  try {
    return copyJson(state[part], part) as Json
  } catch (reason) {
    const rule = run.rules.at(-1)?.name ?? ''
    state.denied ??= { error: 'access_denied', reason: messageOf(reason), rule }
    return run[part]
  }
}

function claimsOf(claims: Json, reaches: (name: string) => boolean): Json {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => reaches(name)))
}

/** The scopes that were asked for, where a Rule sees them: the query, or the body of a password login. */
function requestedScopes({ request }: Json): readonly string[] {
  const { body, query } = objectOr(request)
  const scope = objectOr(query).scope ?? objectOr(body).scope
  return typeof scope === 'string' ? scope.split(' ') : []
}

function requestOf(context: Json): Parameters<typeof reachesAccessToken>[1] {
  const { body, hostname, query } = objectOr(context.request)
  const audience = objectOr(query).audience ?? objectOr(body).audience
  return {
    request: { ...(typeof hostname === 'string' && { hostname }) },
    ...(typeof audience === 'string' && { resource_server: { identifier: audience } }),
    transaction: { requested_scopes: requestedScopes(context) },
  }
}

function interactionOf({ multifactor, redirect }: Json): RulesOutcome['interaction'] {
  const { url } = objectOr(redirect)
  if (typeof url === 'string') return { method: 'context.redirect', url }
  const { provider = 'none' } = objectOr(multifactor)
  return provider === 'none' ? null : { method: 'context.multifactor' }
}

function denyOverTokenLimit(
  run: RulesRun,
  state: RulesState,
  token: 'accessToken' | 'idToken',
  claims: Json,
): void {
  if (!exceedsTokenLimit(claims)) return
  const rule = run.rules.at(-1)?.name ?? ''
  const reason = `Custom claims of the ${token} exceed 100 KB`
  state.denied ??= { error: 'access_denied', reason, rule }
}

function objectOr(value: unknown): Json {
  return isPlainObject(value) ? value : {}
}
