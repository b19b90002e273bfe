import type { Command } from '../command.ts'

/** What comes after an import: `npx migration import undo`. */
export const importSteps: Readonly<Record<string, () => Promise<Command>>> = {
  assign: async () => (await import('./assign.ts')).assignCommand,
  repair: async () => (await import('./repair.ts')).repairCommand,
  undo: async () => (await import('./undo.ts')).undoCommand,
}
