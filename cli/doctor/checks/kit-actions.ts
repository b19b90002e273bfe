import { settingsReadBy } from '../../../build/settings-read.ts'
import { at, isFields, listAt, textAt } from '../tenant/shape.ts'
import type { Resource, TenantView } from '../tenant/tenant-view.ts'

/** The Actions of the kit, in the order of the flow. */
export const kitActions: readonly string[] = [
  'protect-legacy-audience',
  'backfill-metadata',
  'mark-migrated',
  'copy-metadata',
]

export function isKitAction({ name }: Resource): boolean {
  return kitActions.includes(name)
}

/** Users of another tenant have no legacy API, whose audience would have to be protected. */
export function wantedActions(actions: readonly Resource[]): readonly string[] {
  const fromTenant = actions
    .filter(isKitAction)
    .some(({ value }) =>
      listAt(value, 'secrets').some((secret) => textAt(secret, 'name') === 'OLD_TENANT_DOMAIN'),
    )
  return fromTenant ? kitActions.filter((name) => name !== 'protect-legacy-audience') : kitActions
}

/** Names of the Actions bound to post-login, in order; undefined where the trigger is not known. */
export function postLogin(
  view: TenantView,
): { trigger: Resource; names: readonly string[] } | null {
  const trigger = view.section('triggers')?.find(({ name }) => name === 'post-login')
  if (trigger === undefined) return null
  const names = listAt(trigger.value, 'bindings').map(
    (binding) => textAt(binding, 'action_name') ?? textAt(binding, 'ref', 'value') ?? '',
  )
  return { trigger, names }
}

/** Names of settings that code reads; null where it does not parse. */
export function settingsOf(code: string): readonly string[] | null {
  try {
    return settingsReadBy(code)
  } catch {
    return null
  }
}

/** Connections with scripts: users come from a store of one's own. */
export function customDatabases(view: TenantView): readonly Resource[] {
  return (view.section('databases') ?? []).filter(isCustomDatabase)
}

export function isCustomDatabase({ value }: Resource): boolean {
  const enabled = at(value, 'options', 'enabledDatabaseCustomization')
  if (typeof enabled === 'boolean') return enabled
  const scripts = at(value, 'options', 'customScripts')
  const texts = Object.values(isFields(scripts) ? scripts : {})
  return enabled === undefined && texts.some((text) => typeof text === 'string' && text !== '')
}
