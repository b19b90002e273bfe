import type { RowFault } from '../checks/row-fault.ts'
import type { DeadLetters, Originals, PreparedCounts, SourcePlace } from '../import-types.ts'

/** Counts rows by how they ended, each once, and sends what is dead to the dead letters. */
export interface Books {
  migrated(): void
  settled(): void
  packed(): void
  /** @param place Of a row that was read. */
  dead(fault: RowFault, place: SourcePlace): Promise<void>
  read(rows: number): void
  counts(): PreparedCounts
}

export function openBooks(deadLetters: DeadLetters, originals: Originals): Books {
  const counts = { read: 0, migrated: 0, settled: 0, packed: 0, dead: 0 }
  const reasons: Record<string, number> = {}
  return {
    read(rows) {
      counts.read += rows
    },
    migrated() {
      counts.migrated += 1
    },
    settled() {
      counts.settled += 1
    },
    packed() {
      counts.packed += 1
    },
    async dead({ reason, message }, place) {
      counts.dead += 1
      reasons[reason] = (reasons[reason] ?? 0) + 1
      const row = await originals.read(place)
      await deadLetters.add({ reason, message, line: place.line, ...row })
    },
    counts: () => ({ ...counts, reasons: { ...reasons } }),
  }
}
