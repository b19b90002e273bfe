import type { Auth0Tenant } from '../auth0-tenant.ts'
import { type CommandContext, CommandError } from '../command.ts'
import { tenantOfEnvironment } from '../tenant-of-environment.ts'
import { lockFolder } from './folder-lock.ts'
import {
  type Journal,
  type JournaledCommand,
  openJournal,
  type RunIdentity,
  readJournals,
  tenantFolder,
} from './journal.ts'
import { lockTenant, type TenantLock } from './tenant-lock.ts'

export interface LockedRun {
  readonly tenant: Auth0Tenant
  readonly context: CommandContext
  /** Folder of tenant.yaml. */
  readonly root: string
  readonly run: RunIdentity
  readonly takeOver: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** True: of a command with --old-tenant. */
  readonly isOldTenant?: boolean
  /** Finds the application that keeps the lock, or makes it. Its client id. */
  readonly lockHolder: (journal: Journal) => Promise<string>
}

/**
 * Does something to a tenant while nobody else does: under the lock of the folder and that of the
 * tenant, with a journal. Both locks are released however it ends, Ctrl-C included.
 *
 * @throws {CommandError} What `work` throws, with what to do next; `publish_under_way`.
 */
export async function runLocked(
  locked: LockedRun,
  work: (journal: Journal, lock: TenantLock, recordId: string) => Promise<void>,
): Promise<void> {
  const { tenant, context, root, run, takeOver, now } = locked
  const folder = tenantFolder(root, tenant.domain)
  const ownRuns = readJournals(folder).map((one) => one.run.id)
  const releaseFolder = lockFolder(folder, run)
  try {
    const journal = openJournal(folder, run)
    let lock: TenantLock | undefined
    try {
      const recordId = await locked.lockHolder(journal)
      const options = { run, now, takeOver, ownRuns: [...ownRuns, run.id], say: context.say }
      lock = await lockTenant(tenant, recordId, options)
      await work(journal, lock, recordId)
      journal.end('done')
    } catch (error) {
      if (lock === undefined && isUnderWay(error)) journal.discard()
      else endFailed(journal)
      throw lock === undefined ? error : withAdvice(error, run, locked.isOldTenant === true)
    } finally {
      await lock?.release(cleaningTenant(context)).catch(() => undefined)
    }
  } finally {
    releaseFolder()
  }
}

/** A disk that takes no more must not hide why it failed: without its end a run is one that was killed. */
function endFailed(journal: Journal): void {
  try {
    journal.end('failed')
  } catch {}
}

/** One that still sends requests after Ctrl-C. */
function cleaningTenant({ env }: CommandContext): Auth0Tenant {
  return tenantOfEnvironment({ env, signal: new AbortController().signal })
}

function isUnderWay(error: unknown): boolean {
  return error instanceof CommandError && error.code === 'publish_under_way'
}

const ways: Readonly<Record<JournaledCommand, string>> = {
  publish: 'npx migration undo takes it back; npx migration plan says where it stands',
  undo: 'npx migration plan says where it stands',
  phase: 'another phase takes it back',
  complete: 'npx migration rollback takes it back',
  rollback: 'npx migration complete takes it back',
}

function withAdvice(
  error: unknown,
  { command, detail = '' }: RunIdentity,
  isOldTenant: boolean,
): unknown {
  if (!(error instanceof CommandError)) return error
  const name = command === 'phase' ? `${command} ${detail}` : command
  const [again, way] = isOldTenant
    ? [`${name} --old-tenant`, ways[command].replaceAll(/migration \w+/g, '$& --old-tenant')]
    : [name, ways[command]]
  const message = `${error.message}\nThe ${name} stopped half-way. npx migration ${again} finishes it, ${way}.`
  return new CommandError(error.code, message, { cause: error })
}
