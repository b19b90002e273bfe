import type { Auth0Tenant } from '../auth0-tenant.ts'
import { actionNamed } from './actual.ts'
import type {
  ActionBefore,
  BindingsBefore,
  ConnectionBefore,
  EnabledBefore,
  MembersBefore,
} from './before-states.ts'
import { reshown } from './digests.ts'
import type { Before, Journal } from './journal.ts'
import { readClient } from './migration-clients.ts'
import { shownSecrets } from './plan-actions.ts'
import { nobody, type PublishRecord, recordIn, removeRecord, writeRecord } from './record.ts'
import { isRemovable, removeClient, removeGrant } from './remove-made.ts'
import type { TenantLock } from './tenant-lock.ts'
import { undoAction } from './undo-action.ts'
import { undoMembers } from './undo-members.ts'
import { type Undone, undoBindings, undoConnection, undoEnabledClients } from './undo-resources.ts'
import type { UndoUnit } from './undo-unit.ts'

export interface Undoing {
  readonly tenant: Auth0Tenant
  readonly unit: UndoUnit
  readonly journal: Journal
  readonly lock: TenantLock
  /** Client id of the application that keeps the record. */
  readonly recordId: string
  readonly say: (line: string) => void
  /** True: applications and grants that the publish made go too, the one that keeps the lock at last. */
  readonly removesMade: boolean
}

/** Nobody comes in any more; then the scripts and the bindings; the Actions once they are not bound. */
const order: readonly Before['kind'][] = [
  'connection-clients',
  'connection',
  'bindings',
  'action',
  'client-grant',
  'resource-server',
  'client',
]

/** Takes back what a publish did, as far as the journal knows how it was. It may be done twice. */
export async function undo(undoing: Undoing): Promise<Required<Undone>> {
  const { tenant, unit, journal, lock, recordId, removesMade, say } = undoing
  const record = recordBefore(unit)
  const made: Undone[] = []
  const resources = order.flatMap((kind) => unit.before.filter((one) => one.kind === kind))
  const keeper = resources.find((one) => removesMade && one.kind === 'client' && isRemovable(one))
  for (const resource of resources) {
    if (resource === keeper) continue
    await lock.assertHeld()
    const step = `${resource.kind} ${resource.name}`
    journal.step(step)
    say(`Undoing ${step} …`)
    const isGrant = removesMade && resource.kind === 'client-grant' && isRemovable(resource)
    made.push(
      isGrant
        ? await removeGrant(tenant, resource.name)
        : await undoOne(tenant, resource, unit, record),
    )
  }
  await lock.assertHeld()
  if (keeper !== undefined) {
    journal.step(`${keeper.kind} ${keeper.name}`)
    return joined([...made, await removeClient(tenant, recordId, keeper.name)])
  }
  const undone = joined(made)
  journal.step('record')
  // Of an old tenant nothing is to be left, and there the application was somebody's own.
  if (removesMade && record === null) await removeRecord(tenant, recordId)
  else await restoreRecord(undoing, record, undone.unknownDigests)
  return undone
}

/**
 * Takes back what stands without the application, which somebody has deleted, and its grants with it.
 * Nobody holds a lock that it kept.
 */
export async function undoLeftovers(
  tenant: Auth0Tenant,
  unit: UndoUnit,
): Promise<Required<Undone>> {
  const made: Undone[] = []
  for (const kind of ['bindings', 'action']) {
    for (const resource of unit.before.filter((one) => one.kind === kind)) {
      made.push(await undoOne(tenant, resource, unit, null))
    }
  }
  return joined(made)
}

function recordBefore({ before }: UndoUnit): PublishRecord | null {
  return (before.find(({ kind }) => kind === 'record')?.state ?? null) as PublishRecord | null
}

/** What the journal holds this program wrote: its shape is taken on trust. */
function undoOne(
  tenant: Auth0Tenant,
  { kind, name, state }: Before,
  { after }: UndoUnit,
  record: PublishRecord | null,
): Promise<Undone> {
  if (kind === 'action') {
    return undoAction(tenant, name, state as ActionBefore | null, after[`action ${name}`])
  }
  if (kind === 'bindings') return undoBindings(tenant, name, state as BindingsBefore)
  if (kind === 'connection') {
    return undoConnection(tenant, name, state as ConnectionBefore | null, { after, record })
  }
  if (kind === 'connection-clients') {
    return undoEnabledClients(tenant, name, state as EnabledBefore)
  }
  if (kind === 'record') return Promise.resolve({})
  return undoMembers(tenant, { kind, name }, state as MembersBefore | null, after)
}

function joined(all: readonly Undone[]): Required<Undone> {
  const list = (pick: (one: Undone) => readonly string[] | undefined) =>
    all.flatMap((one) => pick(one) ?? [])
  return {
    restored: list((one) => one.restored),
    left: list((one) => one.left),
    conflicts: list((one) => one.conflicts),
    secretsKept: list((one) => one.secretsKept),
    unknownDigests: list((one) => one.unknownDigests),
  }
}

/**
 * The record of before, less what it cannot know any more: then the next publish sets those values
 * anew. Of the configuration nothing is known: its values are those of the publish.
 */
async function restoreRecord(
  { tenant, recordId, unit }: Undoing,
  record: PublishRecord | null,
  unknown: readonly string[],
): Promise<void> {
  const client = await readClient(tenant, recordId)
  const current = recordIn(client)
  if (record === null) {
    if (current !== null)
      await writeRecord(tenant, recordId, { ...current, digests: {}, published: nobody })
    return
  }
  const touched = new Set(unit.before.map(({ kind, name }) => `${kind} ${name}`))
  const digests: Record<string, string> = {}
  for (const [holder, digest] of Object.entries(record.digests)) {
    if (unknown.includes(holder) || client.secret === null) continue
    if (holder === 'configuration') {
      const changed = [...touched].some((one) => one.startsWith('connection '))
      if (!changed) digests[holder] = digest
      continue
    }
    const action = touched.has(`action ${holder}`) ? await actionNamed(tenant, holder) : null
    digests[holder] =
      action === null ? digest : reshown(client.secret, holder, digest, shownSecrets(action))
  }
  const { published = nobody } = record
  await writeRecord(tenant, recordId, { ...record, digests, published })
}
