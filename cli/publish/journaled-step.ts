import type { CommandContext } from '../command.ts'
import type { Journal } from './journal.ts'
import type { TenantLock } from './tenant-lock.ts'

/**
 * One step of a run that changes a tenant: under the lock still, noted before it is begun, and told.
 *
 * @param name `Action copy-metadata`, for the journal and the operator.
 * @throws {CommandError} When the lock was lost; then nothing is done.
 */
export async function journaledStep(
  {
    context,
    journal,
    lock,
  }: {
    readonly context: Pick<CommandContext, 'say'>
    readonly journal: Journal
    readonly lock: TenantLock
  },
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  await lock.assertHeld()
  journal.step(name)
  context.say(`${name[0]?.toUpperCase()}${name.slice(1)} …`)
  await work()
}
