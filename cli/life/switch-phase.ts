import type { Auth0Tenant } from '../auth0-tenant.ts'
import type { CommandContext } from '../command.ts'
import type { ConnectionBefore } from '../publish/before-states.ts'
import type { Journal } from '../publish/journal.ts'
import { journaledStep } from '../publish/journaled-step.ts'
import { publishedRecord } from '../publish/published-record.ts'
import { type PublishRecord, writeRecord } from '../publish/record.ts'
import type { TenantLock } from '../publish/tenant-lock.ts'
import type { Published } from './published.ts'
import { scriptAt } from './scripts.ts'
import { switchAction } from './switch-action.ts'
import { switchConnection } from './switch-connection.ts'
import type { Target } from './target.ts'

export interface Switch {
  readonly tenant: Auth0Tenant
  readonly context: Pick<CommandContext, 'say' | 'signal'>
  readonly journal: Journal
  readonly lock: TenantLock
  readonly published: Published
  readonly target: Target
  /** Code by slot that the connection gets with it; those of no slot stay. */
  readonly scripts: Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Brings everything that has a phase to one, and notes it on the tenant. In whatever moment it is
 * stopped, nobody is imported whom the legacy store is not told of: when lazy logins end, they end
 * first, and the Actions still attend to who has just come in; when they begin, they begin last.
 * The record says `complete` only while all of it is, and knows no digest of what is being changed:
 * whoever goes on after a run that was killed, from whatever machine, sets all of it anew.
 *
 * @throws {CommandError} As its steps do.
 */
export async function switchPhase(work: Switch): Promise<void> {
  const { tenant, published, target } = work
  const { record, recordId } = published
  const actions = target.actions.filter(({ isThere }) => !isThere)
  const connection =
    target.connection.isThere && Object.keys(work.scripts).length === 0 ? [] : [target.connection]
  noteBefore(work, actions, connection)
  const digests = without(record.digests, [
    ...actions.map(({ name }) => name),
    ...connection.map(() => 'configuration'),
  ])
  const leaves = record.phase === 'complete' && target.phase !== 'complete'
  const meanwhile = leaves ? { phase: target.phase, since: instantOf(work) } : record
  await journaledStep(work, 'record', () =>
    writeRecord(tenant, recordId, { ...meanwhile, digests }),
  )
  const switchActions = async () => {
    for (const action of actions) {
      const { signal } = work.context
      await journaledStep(work, `Action ${action.name}`, () => switchAction(tenant, action, signal))
    }
  }
  const switchScripts = async () => {
    for (const one of connection) {
      const write = () => switchConnection(tenant, one, work.scripts)
      await journaledStep(work, `connection ${one.name}`, write)
    }
  }
  const order =
    target.phase === 'complete' ? [switchScripts, switchActions] : [switchActions, switchScripts]
  for (const part of order) await part()
  const values = { actions, databases: connection }
  await journaledStep(work, 'record of it', async () => {
    const done = await recordOf(work, values, { ...meanwhile, digests })
    await writeRecord(tenant, recordId, done)
  })
}

async function recordOf(
  work: Switch,
  {
    actions,
    databases,
  }: { actions: Target['actions']; databases: readonly Target['connection'][] },
  before: PublishRecord,
): Promise<PublishRecord> {
  const { tenant, target } = work
  const at = { before, phase: target.phase, now: instantOf(work) }
  const written = await publishedRecord(tenant, { actions, databases }, target.key, at)
  return { ...written, digests: { ...before.digests, ...written.digests } }
}

function noteBefore(
  { journal, published, scripts }: Switch,
  actions: Target['actions'],
  connections: readonly Target['connection'][],
): void {
  for (const { name, shown, secrets } of actions) {
    const { id, deployed_version: running } = shown
    const versionId = running?.id ?? null
    const state = { id, versionId, secretNames: Object.keys(secrets) }
    journal.before({ kind: 'action', name, id, state })
  }
  for (const { name, configuration, database } of connections) {
    const names = Object.keys(configuration).map((key) => [key, true])
    const there = Object.keys(scripts).map((slot) => [slot, scriptAt(database.options, slot)])
    const state: ConnectionBefore = {
      ...{ id: database.id, members: {}, options: {} },
      scripts: Object.fromEntries(there),
      configuration: Object.fromEntries(names),
    }
    journal.before({ kind: 'connection', name, id: database.id, state })
  }
  journal.before({ kind: 'record', name: 'record', id: null, state: published.record })
}

function without(
  digests: PublishRecord['digests'],
  names: readonly string[],
): PublishRecord['digests'] {
  return Object.fromEntries(Object.entries(digests).filter(([name]) => !names.includes(name)))
}

function instantOf({ now }: Switch): string {
  return new Date(now()).toISOString()
}
