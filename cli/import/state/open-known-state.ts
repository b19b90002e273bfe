import { type ImportState, openImportState } from './import-state.ts'
import { identityOf } from './open-state.ts'

/**
 * Opens the state of an import that was made, for what comes after it.
 *
 * @throws {CommandError} `state_missing`; `state_invalid` where it is of another tenant; `state_in_use`.
 */
export function openKnownState(path: string, domain: string): ImportState {
  return openImportState(path, { ...identityOf(path), domain }, null, { now: Date.now })
}
