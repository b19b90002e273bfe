import { expect, test } from 'vitest'
import { settingsReadBy } from '../../../build/settings-read.ts'
import { buildFromTenant } from './bundles.ts'

const ofOldTenant = [
  ...[
    'OLD_TENANT_CLIENT_ID',
    'OLD_TENANT_CLIENT_SECRET',
    'OLD_TENANT_CONNECTION',
    'OLD_TENANT_DOMAIN',
  ],
]
const asking = ['login', 'get_user', 'backfill-metadata', 'mark-migrated']

test('old tenant, bundles: need no module, and nothing that the runtime has not', async () => {
  for (const [name, code] of await buildFromTenant({})) {
    expect(code, name).not.toMatch(/\brequire\s*\(|\bimport\s*\(/)
  }
})

test('old tenant, bundles: read the four settings, and hold no domain, id or secret', async () => {
  for (const [name, code] of await buildFromTenant({})) {
    const read = settingsReadBy(code).filter((setting) => setting.startsWith('OLD_TENANT_'))
    expect(read, name).toEqual(asking.includes(name) ? ofOldTenant : [])
    expect(code, name).not.toMatch(/[\w-]+\.auth0\.com/)
    // Not published with an old tenant.
    if (name !== 'protect-legacy-audience') expect(code, name).not.toContain('LEGACY_')
  }
})

test('old tenant, Action: reads no setting, and knows the application by its metadata', async () => {
  const code = (await buildFromTenant({})).get('hand-over-user') ?? ''
  expect(settingsReadBy(code)).toEqual([])
  expect(code).toContain('hand_over_users')
})

test('legacy API, bundles: hold nothing of an old tenant', async () => {
  for (const [name, code] of await buildFromTenant({ source: 'legacy-api' })) {
    if (name !== 'hand-over-user') expect(code, name).not.toMatch(/OLD_TENANT|users-by-email|jwks/)
  }
})
