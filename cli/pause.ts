import { setTimeout } from 'node:timers/promises'
import { CommandError } from './command.ts'

/** @throws {CommandError} `interrupted`. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, signal && { signal }).catch((cause: unknown) => {
    throw new CommandError('interrupted', 'Interrupted.', { cause })
  })
}
