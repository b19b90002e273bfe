import { hasKeyword } from '../tenant/keywords.ts'
import { at, listAt } from '../tenant/shape.ts'
import type { Resource } from '../tenant/tenant-view.ts'
import { type Check, each } from './check.ts'
import { customDatabases } from './kit-actions.ts'

const configure =
  'https://auth0.com/docs/manage-users/user-migration/configure-automatic-migration-from-your-database'

/** Connections whose users come from a store of one's own. */
export const connectionChecks: readonly Check[] = [
  {
    kind: {
      id: 'import-mode-off',
      severity: 'warning',
      title: 'Connection with scripts that imports nobody',
      why: 'Every login of every user goes to the legacy store, and fails with it; nobody ever migrates. Users who were created in the meantime conflict with their legacy accounts once import is turned on.',
      remedy: 'Turn import_mode on, and leave it on after the migration.',
      link: configure,
    },
    reads: ['databases'],
    *find(view, { connection }) {
      for (const { name, value, place } of customDatabases(view)) {
        const isOn = at(value, 'options', 'enabledDatabaseCustomization') === true
        const mode = at(value, 'options', 'import_mode')
        if (!isOn || mode === true || hasKeyword(mode)) continue
        const where = place('options', 'import_mode')
        const ours = name === connection
        yield { what: 'import_mode is off.', where, ...(ours && { severity: 'error' as const }) }
      }
    },
  },
  {
    kind: {
      id: 'connection-without-application',
      severity: 'error',
      title: 'Connection with scripts that no application may use',
      why: 'Nobody can log in by it.',
      remedy: 'Enable it for the applications whose users migrate.',
      link: 'https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-dedicated-connection-endpoints',
    },
    reads: ['databases'],
    *find(view) {
      for (const { value, place } of customDatabases(view)) {
        const { enabled_clients: clients } = value
        const where = place('enabled_clients')
        if (clients === undefined) yield { because: 'enabled_clients is not in the file', where }
        else if (Array.isArray(clients) && clients.length === 0) {
          yield { what: 'enabled_clients is empty.', where }
        }
      }
    },
  },
  {
    kind: {
      id: 'script-missing',
      severity: 'error',
      title: 'Connection that imports users without login or get_user',
      why: 'Without login nobody is imported; without get_user a stranger can sign up with the address of somebody who has not migrated, and nobody can reset a password before the first login.',
      remedy: 'Publish both scripts.',
      link: configure,
    },
    reads: ['databases'],
    *find(view) {
      for (const database of customDatabases(view)) {
        if (at(database.value, 'options', 'import_mode') !== true) continue
        const missing = ['login', 'get_user'].filter((slot) => !hasScript(database, slot))
        if (missing.length === 0) continue
        const where = database.place('options', 'customScripts')
        yield { what: `There is no ${missing.join(' and no ')}.`, where }
      }
    },
  },
  {
    kind: {
      id: 'strategy-version-sent',
      severity: 'note',
      title: 'strategy_version in a file that is published',
      why: 'Auth0 sets it, documents it nowhere, and gives it back in an export: what it does when it is sent is not known.',
      remedy: 'Take it out of the file.',
      link: 'https://auth0.com/docs/api/management/v2/connections/patch-connections-by-id',
    },
    ...each('databases', function* ({ value, place }, _settings, { origin }) {
      if (origin === 'live' || at(value, 'options', 'strategy_version') === undefined) return
      yield { what: 'options has strategy_version.', where: place('options', 'strategy_version') }
    }),
  },
  {
    kind: {
      id: 'organization-members-locked-out',
      severity: 'error',
      title: 'Organization whose legacy users cannot log in for the first time',
      why: 'Auth0 asks for membership before any Action runs, and a user who is imported by this very login is a member of nothing.',
      remedy:
        'Turn assign_membership_on_login on for this connection, or make users members ahead of their first login (bulk import), and have them log in without the organization until then.',
      link: 'https://auth0.com/docs/manage-users/organizations/configure-organizations/enable-connections',
    },
    ...each(
      'organizations',
      function* ({ value, place }, _settings, view) {
        const importing = customDatabases(view)
        for (const [index, connection] of listAt(value, 'connections').entries()) {
          if (!importing.some((one) => isSame(one, connection))) continue
          if (at(connection, 'assign_membership_on_login') === true) continue
          const where = place('connections', index)
          yield { what: 'assign_membership_on_login is off for the legacy users.', where }
        }
      },
      ['organizations', 'databases'],
    ),
  },
]

function hasScript({ value }: Resource, slot: string): boolean {
  const script = at(value, 'options', 'customScripts', slot)
  return typeof script === 'string' && script !== ''
}

function isSame({ name, value }: Resource, connection: unknown): boolean {
  return (
    at(connection, 'name') === name ||
    (value.id !== undefined && at(connection, 'connection_id') === value.id)
  )
}
