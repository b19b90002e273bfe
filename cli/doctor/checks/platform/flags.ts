import { migrationNamed } from '../../migrations/find-migration.ts'
import { at } from '../../tenant/shape.ts'
import type { Resource } from '../../tenant/tenant-view.ts'
import { type Check, each } from '../check.ts'

/** Flag, the value that means affected, and the migration. Absent: created after it, not affected. */
const flags: readonly (readonly [flag: string, affected: boolean, migration: string])[] = [
  ['allow_legacy_tokeninfo_endpoint', true, 'tokeninfo-validation'],
  ['change_pwd_flow_v1', true, 'vulnerable-password-flow'],
  ['enable_idtoken_api2', true, 'id-token-as-management-credential'],
  ['enable_legacy_logs_search_v2', true, 'tenant-log-search-v2'],
  ['enforce_client_authentication_on_passwordless_start', false, 'passwordless-start'],
]

/**
 * True on tenants that were made yesterday: by themselves they let applications add such grant types,
 * no more.
 */
const permissions = ['allow_legacy_ro_grant_types', 'allow_legacy_delegation_grant_types']

/** Also as a text, which it becomes in quotes. */
function is(flag: unknown, wanted: boolean): boolean {
  return flag === wanted || flag === String(wanted)
}

/** Whose e-mail addresses the flag is about. */
export function isAzureOrAdfs({ value }: Resource): boolean {
  return value.strategy === 'waad' || value.strategy === 'adfs'
}

const legacyGrantTypes = /^http:\/\/auth0\.com\/oauth\/legacy\/grant-type\//

export const flagChecks: readonly Check[] = [
  ...flags.map(
    ([flag, affected, migration]): Check => ({
      kind: migrationNamed(migration),
      ...each('tenant', function* ({ value, place }) {
        if (!is(at(value, 'flags', flag), affected)) return
        yield { what: `The flag ${flag} is ${affected}.`, where: place('flags', flag) }
      }),
    }),
  ),
  {
    kind: migrationNamed('oauth-ro'),
    ...each('tenant', function* ({ value, place }) {
      for (const flag of permissions) {
        if (!is(at(value, 'flags', flag), true)) continue
        const what = `The flag ${flag} is true: applications may be given such grant types.`
        yield { what, where: place('flags', flag), severity: 'note' }
      }
    }),
  },
  {
    kind: migrationNamed('oauth-ro'),
    ...each('clients', function* ({ value, place }) {
      const types = Array.isArray(value.grant_types) ? value.grant_types : []
      for (const [index, type] of types.entries()) {
        if (typeof type !== 'string' || !legacyGrantTypes.test(type)) continue
        const what = `It may use ${type.replace(legacyGrantTypes, '')}.`
        yield { what, where: place('grant_types', index) }
      }
    }),
  },
  {
    kind: migrationNamed('azure-ad-email-verified'),
    reads: ['tenant', 'connections'],
    *find(view) {
      if (!(view.section('connections') ?? []).some(isAzureOrAdfs)) return
      const flag = 'trust_azure_adfs_email_verified_connection_property'
      for (const { value, place } of view.section('tenant') ?? []) {
        if (!is(at(value, 'flags', flag), false)) continue
        yield { what: `The flag ${flag} is false.`, where: place('flags', flag) }
      }
    },
  },
]
