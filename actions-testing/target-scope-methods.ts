import type { Namespace, Turn } from './api-method.ts'
import { listOf, scope } from './argument-checks.ts'
import type { TriggerState } from './trigger-state.ts'

interface ScopedState extends TriggerState {
  targetScopes: readonly string[] | null
}

interface ScopedEvent {
  readonly transaction?: {
    readonly protocol?: string
    readonly requested_scopes?: readonly string[]
    readonly target_scopes?: readonly string[]
  }
}

type ScopedTurn = Turn<ScopedState, ScopedEvent>

/** Protocols in which changes of the target scopes are ignored. */
const ignoring = ['samlp', 'wsfed', 'wstrust-usernamemixed']

/**
 * The target scopes of `api.transaction`, the same in both triggers: every change shows at once in
 * `event.transaction.target_scopes`. What of them is granted is for the tenant to decide, by client
 * grant and policy.
 *
 * @see https://auth0.com/docs/customize/actions/handling-scopes-in-actions
 */
export const targetScopeMethods: Namespace<ScopedTurn> = {
  addTargetScope: {
    parameters: [['scope', scope]],
    run: (turn, added) => change(turn, 'addTargetScope', (scopes) => [...scopes, String(added)]),
  },
  removeTargetScope: {
    parameters: [['scope', scope]],
    run: (turn, removed) =>
      change(turn, 'removeTargetScope', (scopes) => {
        return scopes.filter((held) => held !== String(removed).trim())
      }),
  },
  setTargetScopes: {
    parameters: [['scopes', listOf(scope)]],
    run: (turn, scopes) => change(turn, 'setTargetScopes', () => scopes as readonly string[]),
  },
  clearTargetScopes: {
    parameters: [],
    run: (turn) => change(turn, 'clearTargetScopes', () => []),
  },
}

function change(
  { event, state }: ScopedTurn,
  method: string,
  next: (scopes: readonly string[]) => readonly string[],
): void {
  const { protocol = '', requested_scopes, target_scopes } = event.transaction ?? {}
  if (protocol === 'oauth2-token-exchange-federated-connection') {
    throw new TypeError(`api.transaction.${method}: not in a federated connection token exchange`)
  }
  if (ignoring.includes(protocol)) return
  const held = next(state.targetScopes ?? target_scopes ?? requested_scopes ?? [])
  const scopes = [...new Set(held.map((scope) => scope.trim()))]
  state.targetScopes = scopes
  // The running Action's own copy of the event follows at once.
  if (event.transaction !== undefined) Object.assign(event.transaction, { target_scopes: scopes })
}
