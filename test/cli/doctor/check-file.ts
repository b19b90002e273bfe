import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks } from '../../../cli/doctor/checks/all-checks.ts'
import type { CheckSettings } from '../../../cli/doctor/checks/check.ts'
import { runChecks } from '../../../cli/doctor/checks/run-checks.ts'
import type { Outcome } from '../../../cli/doctor/finding.ts'
import { readYamlExport } from '../../../cli/doctor/tenant/read-yaml.ts'
import type { TenantSource } from '../../../cli/doctor/tenant/tenant-view.ts'

const today = '2026-11-21'

/** What the doctor was told; a bundle of dist/ says its own name. */
export const settings: CheckSettings = {
  today,
  legacyPasswordPolicy: 'fair',
  connection: 'people',
  bundle: (path) => `built('${path}')${path.startsWith('databases') ? ';' : ''}`,
}

/** Everything that the checks say of a deploy file with this text. */
export function checkFile(text: string, more: Partial<CheckSettings> = {}): readonly Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-test-'))
  try {
    const file = join(folder, 'tenant.yaml')
    writeFileSync(file, text)
    return checkTenant(readYamlExport(file), more)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Everything that the checks say of a tenant. */
export function checkTenant(
  source: TenantSource,
  more: Partial<CheckSettings> = {},
): readonly Outcome[] {
  const run = runChecks(checks, source, { ...settings, ...more })
  return [...run].filter((one) => one.type !== 'progress')
}

/** The ids of what was found, each once. */
export function idsOf(outcomes: readonly Outcome[]): readonly string[] {
  const ids = outcomes.flatMap((one) => (one.type === 'finding' ? [one.kind.id] : []))
  return [...new Set(ids)].sort()
}
