import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import type { Change } from './changes.ts'
import { deployFileOf } from './deploy-file.ts'
import { type Foreign, foreignDifferences, readForeign } from './foreign.ts'
import type { Journal, RunIdentity } from './journal.ts'
import { journaledStep } from './journaled-step.ts'
import { noteAfter } from './note-after.ts'
import { noteBefore } from './note-before.ts'
import { keyOf, noKey, type Prepared, prepare } from './prepare.ts'
import { publishedRecord } from './published-record.ts'
import { publishedBy, writeRecord } from './record.ts'
import { runDeployCli } from './run-deploy-cli.ts'
import { nothingAround } from './surroundings.ts'
import type { TenantLock } from './tenant-lock.ts'
import { enableClients, writeBindings, writeConnection } from './write-lists.ts'

export interface Publication {
  readonly tenant: Auth0Tenant
  readonly context: CommandContext
  readonly journal: Journal
  readonly lock: TenantLock
  /** Client id of the application that keeps the record. */
  readonly recordId: string
  readonly run: RunIdentity
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Brings a tenant to what was planned, in an order in which no moment of it does harm: the API, closed
 * to people, and the Actions; their bindings; then the connection, and who may use it. Each step is
 * noted before it begins. What a killed run has done is done; the next one plans the rest.
 *
 * @param prepared Read under the lock.
 * @throws {CommandError} `proof_failed` and whatever a step may.
 */
export async function apply(publication: Publication, prepared: Prepared): Promise<void> {
  const { tenant, context, journal } = publication
  const { changes } = prepared.plan
  context.say('Reading what must stay as it is …')
  const foreign = await readForeign(tenant, prepared.desired)
  noteBefore(journal, prepared)
  await journaledStep(publication, 'deploy-cli', () => deployOwn(publication, prepared))
  for (const change of changes) {
    if (change.kind !== 'bindings') continue
    const name = `bindings of ${change.name}`
    await journaledStep(publication, name, () => writeBindings(tenant, change, prepared))
  }
  for (const change of changes) {
    if (change.kind !== 'connection') continue
    await journaledStep(publication, `connection ${change.name}`, async () => {
      if (change.change === 'update') await writeConnection(tenant, change, prepared)
      const { allClients } = await currentActual(publication, prepared)
      await enableClients(tenant, change, allClients)
    })
  }
  await journaledStep(publication, 'proof', () => prove(publication, prepared, foreign))
}

async function deployOwn({ tenant, context }: Publication, prepared: Prepared): Promise<void> {
  const { project, settings, desired, actual, plan } = prepared
  const file = deployFileOf({ project, settings, desired, actual, changes: plan.changes })
  if (file.types.length === 0) return
  const changed = new Set(plan.changes.filter(isAction).map(({ name }) => name))
  const code = new Map(
    desired.actions.filter(({ name }) => changed.has(name)).map(({ name, code }) => [name, code]),
  )
  await runDeployCli({ tenant, context, file, actions: actual.actions, code })
}

function isAction({ kind }: Change): boolean {
  return kind === 'action'
}

/** Applications that deploy-cli has made are known by now; people and logs were looked at for the plan. */
async function currentActual({ tenant, context }: Publication, { project }: Prepared) {
  return (await prepare(tenant, project, context, nothingAround)).actual
}

/**
 * Writes the record, and looks whether the tenant is now what was planned: a second plan has to be
 * empty, and all that is others' has to be what it was.
 */
async function prove(
  { tenant, context, journal, recordId, run, now }: Publication,
  prepared: Prepared,
  before: Foreign,
): Promise<void> {
  const { project, desired, clients, settings, record, plan } = prepared
  const key = keyOf(clients, settings)
  if (key === null) throw noKey()
  const at = { before: record, phase: plan.phase, now: new Date(now()).toISOString() }
  const written = await publishedRecord(tenant, desired, key, at)
  await writeRecord(tenant, recordId, { ...written, published: publishedBy(run) })
  const again = await prepare(tenant, project, context, nothingAround)
  const left = again.plan.changes.map(
    ({ kind, name }) => `${kind} ${name} is not as it was planned`,
  )
  const changed = foreignDifferences(before, await readForeign(tenant, desired))
  const unbuilt = [...again.actual.actions.values()].flatMap(({ name, status }) =>
    status === 'built' ? [] : [`Action ${name} is ${status}`],
  )
  const found = [...left, ...unbuilt, ...changed]
  if (found.length === 0) return noteAfter(journal, again)
  const others =
    changed.length === 0
      ? ''
      : '\nWhat is others’ was changed while this ran, by somebody or by it: look at it now.'
  throw new CommandError('proof_failed', `${found.join('\n')}${others}`)
}
