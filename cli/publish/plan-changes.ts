import type { BindingPlace } from '../../core/migration-config.ts'
import type { Phase } from '../../core/phase.ts'
import type { Actual } from './actual.ts'
import { placeBindings, sameBindings } from './bindings.ts'
import type { BindingsChange, Change, PhaseChange } from './changes.ts'
import type { Desired } from './desired.ts'
import { type KnownDigests, planAction } from './plan-actions.ts'
import { planConnection } from './plan-connection.ts'
import { planClient, planClientGrant, planResourceServer } from './plan-resources.ts'
import type { PublishRecord } from './record.ts'

export interface PlanInput {
  readonly desired: Desired
  readonly actual: Actual
  readonly phase: Phase
  readonly record: PublishRecord | null
  readonly place: BindingPlace | undefined
  /** Key of the digests in the record; null when nothing is known. */
  readonly key: string | null
}

/**
 * Everything that publishing would do to a tenant, in the order in which it would. Pure: what is
 * wanted and what is there, nothing else.
 *
 * @throws {CommandError} `action_unfit`, `client_ambiguous`, `bindings_impossible`.
 */
export function planChanges(input: PlanInput): readonly Change[] {
  const { desired, actual, record, key } = input
  const { clients } = desired
  const known: KnownDigests = { key: record === null ? null : key, digests: record?.digests ?? {} }
  return [
    ...desired.resourceServers.flatMap((one) => planResourceServer(one, actual) ?? []),
    ...desired.clients.flatMap((one) => planClient(one, actual) ?? []),
    ...desired.clientGrants.flatMap((one) => planClientGrant(one, actual) ?? []),
    ...desired.actions.flatMap((one) => planAction(one, actual.actions.get(one.name), known) ?? []),
    ...planBindings(input),
    ...desired.databases.flatMap((one) => planConnection(one, { actual, clients, known }) ?? []),
    ...planPhase(input),
  ]
}

function planBindings({ desired, actual, place }: PlanInput): readonly BindingsChange[] {
  return Object.entries(desired.bindings).flatMap(([trigger, ours]) => {
    const current = actual.bindings.get(trigger) ?? []
    const wanted = placeBindings(trigger, current, ours, place)
    if (sameBindings(current, wanted)) return []
    const before = current.map(({ action }) => action)
    const after = wanted.map(({ action }) => action)
    return [{ kind: 'bindings', change: 'update', name: trigger, before, after } as const]
  })
}

/** The phase is of the record: without one it begins with the first publish. */
function planPhase({ phase, record }: PlanInput): readonly PhaseChange[] {
  if (record?.phase === phase) return []
  const change = record === null ? 'create' : 'update'
  const before = record?.phase ?? null
  return [{ kind: 'phase', change, name: 'MIGRATION_PHASE', before, after: phase }]
}
