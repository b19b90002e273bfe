import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { databaseNamed } from './actual.ts'
import type { BindingsBefore, ConnectionBefore, EnabledBefore } from './before-states.ts'
import { restoreBindings } from './bindings.ts'
import { unchanged } from './changed-since.ts'
import { listClients, uniqueIdOf } from './migration-clients.ts'
import type { PublishRecord } from './record.ts'
import type { UndoUnit } from './undo-unit.ts'
import { changeBindings, switchClients } from './write-lists.ts'

/** What came of taking back one resource, in words for a person. */
export interface Undone {
  readonly restored?: readonly string[]
  /** Made by the publish, and left. */
  readonly left?: readonly string[]
  /** Changed by somebody else since, and left alone. */
  readonly conflicts?: readonly string[]
  /** Names of secrets that have the values of the publish still. */
  readonly secretsKept?: readonly string[]
  /** Holders of secrets of which the record must not say anything any more. */
  readonly unknownDigests?: readonly string[]
}

/** Takes our Actions out of a list, or back to where they stood. Others' stay, those since as well. */
export async function undoBindings(
  tenant: Auth0Tenant,
  trigger: string,
  { bindings, ours }: BindingsBefore,
): Promise<Undone> {
  const names = new Set(ours)
  const changed = await changeBindings(tenant, trigger, (current) =>
    restoreBindings(current, bindings, names),
  )
  return changed ? { restored: [`bindings of ${trigger}`] } : {}
}

/** Options that the publish changed are as they were; others', and those that changed since, stay. */
export async function undoConnection(
  tenant: Auth0Tenant,
  name: string,
  before: ConnectionBefore | null,
  { after, record }: Pick<UndoUnit, 'after'> & { readonly record: PublishRecord | null },
): Promise<Undone> {
  const database = await databaseNamed(tenant, name)
  if (database === null) return { conflicts: [`connection ${name} is gone`] }
  if (before === null) return { left: [`connection ${name}, since its users would go with it`] }
  // It was only opened to an application.
  if (isNothing(before)) return {}
  const { customScripts, configuration, ...options } = database.options
  const subject = `connection ${name}`
  const own = unchanged([subject, ''], before.members, database.shown, after)
  const inOptions = unchanged([subject, 'options.'], before.options, options, after)
  const scripts = unchanged([subject, 'script '], before.scripts, objectOf(customScripts), after)
  const body = {
    ...own.members,
    options: {
      ...withoutNulls({ ...options, ...inOptions.members }),
      ...member('customScripts', withoutNulls({ ...objectOf(customScripts), ...scripts.members })),
      ...member('configuration', configurationBefore(objectOf(configuration), before, record)),
    },
  }
  succeeded(await tenant.manage('PATCH', `connections/${database.id}`, body), 'PATCH connections')
  const secretsKept = Object.entries(before.configuration)
    .filter(([key, was]) => was && !(key === 'MIGRATION_PHASE' && record !== null))
    .map(([key]) => `${key} of connection ${name}`)
  const conflicts = [own, inOptions, scripts].flatMap((one) => one.conflicts)
  return { restored: [`connection ${name}: options and scripts`], secretsKept, conflicts }
}

function isNothing({ members, options, scripts, configuration }: ConnectionBefore): boolean {
  return [members, options, scripts, configuration].every((one) => Object.keys(one).length === 0)
}

/** What was not there goes; the phase is no secret, and comes back; all else stays as it is sealed. */
function configurationBefore(
  current: Readonly<Record<string, unknown>>,
  before: ConnectionBefore,
  record: PublishRecord | null,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(current).filter(([key]) => before.configuration[key] !== false)
  const phase = before.configuration.MIGRATION_PHASE === true && record !== null
  return { ...Object.fromEntries(kept), ...(phase && { MIGRATION_PHASE: record.phase }) }
}

export async function undoEnabledClients(
  tenant: Auth0Tenant,
  name: string,
  enabled: EnabledBefore,
): Promise<Undone> {
  const database = await databaseNamed(tenant, name)
  if (database === null || enabled.length === 0) return {}
  const all = await listClients(tenant)
  const found = enabled.map((client) => ({ client, id: uniqueIdOf(all, client) }))
  const open = found.filter(({ id }) => id !== null && database.enabledClients.includes(id))
  const ids = open.flatMap(({ id }) => id ?? [])
  await switchClients(tenant, database.id, ids, false)
  const closed = open.map(({ client }) => client).join(', ')
  const gone = found.filter(({ id }) => id === null)
  return {
    restored: closed === '' ? [] : [`connection ${name}: no more enabled for ${closed}`],
    conflicts: gone.map(
      ({ client }) =>
        `connection ${name} was enabled for ${client}, which is deleted or has another name: look whether it may still be used`,
    ),
  }
}

function member(key: string, value: Readonly<Record<string, unknown>>) {
  return Object.keys(value).length === 0 ? {} : { [key]: value }
}

function withoutNulls(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
