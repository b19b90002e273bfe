import { setTimeout } from 'node:timers/promises'

/** Milliseconds that changes are gathered before they are written, and that at least. */
const gathering = 100

/** Changes are gathered that many times as long as the last write took: a large state leaves time. */
const share = 4

export interface Saver {
  /** Resolves once everything is written that changed before. Rejects when it could not be. */
  flush(): Promise<void>
}

/**
 * Calls `write` soon after a change of one of `maps`, or of a map in one of them, and never twice at
 * a time. A write that fails is told, and made up for with the next change or `flush`.
 */
export function saveChanges(
  maps: readonly Map<string, unknown>[],
  write: () => Promise<void>,
): Saver {
  let changed = false
  let took = 0 // milliseconds
  let writing: Promise<void> | null = null
  const save = async () => {
    const startedAt = performance.now()
    changed = false
    await write().catch((error: unknown) => {
      changed = true
      throw error
    })
    took = performance.now() - startedAt
  }
  const start = () => {
    writing = setTimeout(Math.max(gathering, took * share))
      .then(save)
      .then(
        () => {
          writing = null
          if (changed) start()
        },
        (error: unknown) => {
          writing = null
          report(error)
        },
      )
  }
  const noteChange = () => {
    changed = true
    if (writing === null) start()
  }
  for (const map of maps) observe(map, noteChange)
  return {
    async flush() {
      while (writing !== null) await writing
      if (!changed) return
      writing = save().finally(() => {
        writing = null
      })
      await writing
    },
  }
}

function report(error: unknown): void {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown'
  console.error(`tenant: its state could not be saved: ${code}`)
}

/** From now on each change of the map, and of maps in it, calls `changed` once it is made. */
function observe(map: Map<string, unknown>, changed: () => void): void {
  const { set, delete: remove, clear } = map
  const follow = (value: unknown) => {
    if (value instanceof Map) observe(value, changed)
  }
  for (const value of map.values()) follow(value)
  map.set = (key, value) => {
    if (map.get(key) !== value) follow(value)
    set.call(map, key, value)
    changed()
    return map
  }
  map.delete = (key) => {
    const found = remove.call(map, key)
    if (found) changed()
    return found
  }
  map.clear = () => {
    clear.call(map)
    changed()
  }
}
