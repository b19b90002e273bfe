import { readSetting, type SettingValues } from './settings.ts'

/**
 * Where the migration stands. `off` is the Actions' kill switch: no legacy call, no stamp; scripts go
 * on. `complete` is that, and scripts that answer as their no-op forms.
 */
export type Phase = (typeof phases)[number]

const phases = ['lazy', 'off', 'complete'] as const

/** `null` is a word that means nothing: each side then does what is safe for it, and says so. */
export function readPhase(values: SettingValues): Phase | null {
  const word = readSetting(values, 'MIGRATION_PHASE') ?? 'lazy'
  return phases.find((phase) => phase === word) ?? null
}
