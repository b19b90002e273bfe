import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { checkFile, idsOf } from './check-file.ts'
import { checkmateChecks } from './checkmate.ts'
import { platformPairs } from './platform-fixtures.ts'
import { hygienePairs } from './settings-fixtures.ts'

/** Tenants on which both may have something to say, and those on which neither should. */
const more = [
  `
tenant: { sandbox_version: '12' }
actions: []`,
  `
tenant: { sandbox_version: '18' }
actions: [{ name: a, runtime: node18-actions, code: '' }]`,
  `
tenant: { default_audience: '' }
databases:
  - { name: plain, options: { enabledDatabaseCustomization: false, import_mode: false } }`,
]

// deploy-cli fills keywords in before a file is YAML.
const files = [
  ...[...hygienePairs, ...platformPairs].flatMap(({ positive, clean }) => [positive, clean]),
  ...more,
].map((text) => text.replaceAll(/##\w+##/g, 'filled-in').replaceAll('#!', ''))

for (const { name, complains, ours, because } of checkmateChecks) {
  if (because === undefined) {
    test(`doctor: ${ours} agrees with checkmate's ${name} on every fixture`, () => {
      let both = 0
      for (const file of files) {
        const tenant: unknown = asGiven(parse(file))
        // Node 12 and 16 are one finding of ours for Actions and for the tenant.
        const theirs = checkmateChecks
          .filter((one) => one.ours === ours)
          .some((one) => one.complains(tenant))
        const found = idsOf(checkFile(stringify(tenant)))
        const we = found.includes(ours) || (ours === 'node-12-and-16' && found.includes('node-8'))
        expect(we, file).toBe(theirs || hooksOf(tenant, ours))
        if (we && complains(tenant)) both += 1
      }
      expect(both).toBeGreaterThan(0)
    })
  } else {
    test(`doctor: ${ours} differs from checkmate's ${name}, and it is said why`, () => {
      const differs = files.some((file) => {
        const tenant: unknown = asGiven(parse(file))
        return complains(tenant) !== idsOf(checkFile(stringify(tenant))).includes(ours)
      })
      expect(differs).toBe(true)
      expect(because).toMatch(/^checkmate .*; the doctor /)
    })
  }
}

/** checkmate reads what the Management API gives, which leaves neither of these out, and has no switch in quotes. */
function asGiven(tenant: unknown): unknown {
  const { actions, rules } = tenant as {
    actions?: { runtime?: string }[]
    rules?: { enabled?: boolean | string }[]
  }
  for (const action of actions ?? []) action.runtime ??= 'node22'
  for (const rule of rules ?? []) rule.enabled = String(rule.enabled ?? true) === 'true'
  return tenant
}

/** Rules and Hooks are one finding of ours. */
function hooksOf(tenant: unknown, ours: string): boolean {
  const { hooks } = tenant as { hooks?: { enabled?: boolean }[] }
  return ours === 'rules-and-hooks' && (hooks ?? []).some(({ enabled }) => enabled === true)
}
