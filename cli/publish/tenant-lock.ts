import type { Auth0Tenant } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import { pause } from '../pause.ts'
import { isRunning } from '../running-process.ts'
import type { RunIdentity } from './journal.ts'
import {
  free,
  holderIn,
  type LockHolder,
  markerOf,
  nameOf,
  shortHost,
  staleAfter,
  underWay,
} from './lock-marker.ts'
import { readClient } from './migration-clients.ts'
import { changeMetadata, lockKey } from './record.ts'

/** Milliseconds in which two who have written at once see which of them was last. */
const settleTime = 500

/** A hold on the tenant. */
export interface TenantLock {
  /** To be called before each step. @throws {CommandError} `publish_under_way` when it was taken over. */
  assertHeld(): Promise<void>
  /** @param by A connection that still sends requests after Ctrl-C. Default: the one that took it. */
  release(by?: Auth0Tenant): Promise<void>
}

export interface LockOptions {
  readonly run: RunIdentity
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Ids of the runs whose journals are in this folder. */
  readonly ownRuns?: readonly string[]
  /** Takes it from whoever has it. */
  readonly takeOver?: boolean
  readonly say: (line: string) => void
}

/**
 * Takes the lock that is on the tenant: the metadata of the application `Legacy Migration Actions`.
 * Auth0 has no compare-and-set: it is written, and read again a moment later; of two who write at
 * once the last has it, and the other sees that before it has changed anything.
 *
 * @throws {CommandError} `publish_under_way`, naming who has it.
 */
export async function lockTenant(
  tenant: Auth0Tenant,
  clientId: string,
  options: LockOptions,
): Promise<TenantLock> {
  const { run, takeOver = false, say } = options
  const holder = holderIn(await readClient(tenant, clientId))
  if (holder !== null && holder.id !== run.id) {
    const why = takeOver ? 'as --take-over says' : whyStale(holder, options)
    if (why === null) throw underWay(holder)
    say(`The ${nameOf(holder)} holds the tenant; it is taken over, ${why}.`)
  }
  const assertHeld = async () => {
    const current = holderIn(await readClient(tenant, clientId))
    if (current?.id === run.id) return
    if (current !== null) throw underWay(current)
    const message = 'Somebody has released the lock of this run on the tenant. Run it again.'
    throw new CommandError('publish_under_way', message)
  }
  await changeMetadata(tenant, clientId, { [lockKey]: markerOf(run) })
  await pause(settleTime)
  await assertHeld()
  return { assertHeld, release: (by = tenant) => releaseTenant(by, clientId, run) }
}

/** Does nothing when the lock is somebody else's by now. */
async function releaseTenant(
  tenant: Auth0Tenant,
  clientId: string,
  run: Pick<RunIdentity, 'id'>,
): Promise<void> {
  const holder = holderIn(await readClient(tenant, clientId))
  if (holder?.id === run.id) await changeMetadata(tenant, clientId, { [lockKey]: free })
}

/** Why nobody is behind a marker any more; null when somebody may be. */
function whyStale(
  holder: LockHolder,
  { run, now, ownRuns = [] }: Pick<LockOptions, 'now' | 'ownRuns' | 'run'>,
): string | null {
  // Machines may share a name: only a run whose journal is here was one of this machine.
  const isOwn = ownRuns.includes(holder.id) && holder.host === shortHost(run.host)
  if (isOwn && !isRunning(holder.pid)) return 'since its process runs no more'
  const age = now() - Date.parse(holder.at)
  if (age < staleAfter) return null
  return `since it began ${Math.round(age / 60_000)} minutes ago, and none takes ${staleAfter / 60_000}`
}
