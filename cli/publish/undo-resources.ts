import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { listByCheckpoint } from '../list-resources.ts'
import { bindingsOf, databaseNamed } from './actual.ts'
import type {
  BindingsBefore,
  ConnectionBefore,
  EnabledBefore,
  MembersBefore,
} from './before-states.ts'
import { restoreBindings, sameBindings } from './bindings.ts'
import type { Before } from './journal.ts'
import { listClients, uniqueIdOf } from './migration-clients.ts'
import { isChanged, ownMetadata } from './note-after.ts'
import type { PublishRecord } from './record.ts'
import type { UndoUnit } from './undo-unit.ts'
import { patchBindings, switchClients } from './write-lists.ts'

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
  const current = await bindingsOf(tenant, trigger)
  const wanted = restoreBindings(current, bindings, new Set(ours))
  if (sameBindings(current, wanted)) return {}
  await patchBindings(tenant, trigger, wanted)
  return { restored: [`bindings of ${trigger}`] }
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

/** Of members as they were those to send: what somebody has changed since the publish stays. */
function unchanged(
  [subject, path, called = subject]: readonly [subject: string, path: string, called?: string],
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
  after: UndoUnit['after'],
): { readonly members: Readonly<Record<string, unknown>>; readonly conflicts: readonly string[] } {
  const entries = Object.entries(before)
  const isTheirs = ([key, was]: (typeof entries)[number]) =>
    isChanged(after, `${subject} ${path}${key}`, { now: now[key], before: was })
  return {
    members: Object.fromEntries(entries.filter((entry) => !isTheirs(entry))),
    conflicts: entries
      .filter(isTheirs)
      .map(
        ([key]) => `${path}${key} of ${called} was changed by somebody since: it stays as it is`,
      ),
  }
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

const paths = {
  client: 'clients',
  'client-grant': 'client-grants',
  'resource-server': 'resource-servers',
} as const

const words = {
  client: 'application',
  'client-grant': 'grant of',
  'resource-server': 'API',
} as const

/** One that the publish has made stays: somebody may know its id by now, and alone it does nothing. */
export async function undoMembers(
  tenant: Auth0Tenant,
  { kind, name }: Pick<Before, 'name'> & { readonly kind: keyof typeof paths },
  before: MembersBefore | null,
  after: UndoUnit['after'],
): Promise<Undone> {
  const subject = `${words[kind]} ${name}`
  if (before === null) return { left: [subject] }
  const shown = await shownNow(tenant, kind, before.id)
  if (shown === null) return { conflicts: [`${subject} is gone`] }
  const { client_metadata: metadata } = shown
  const now = { ...shown, client_metadata: ownMetadata(metadata) }
  const was = Object.entries(before.members).map(([key, value]) => [
    key,
    key === 'client_metadata' ? ownMetadata(value) : value,
  ])
  const { members, conflicts } = unchanged(
    [`${kind} ${name}`, '', subject],
    Object.fromEntries(was),
    now,
    after,
  )
  const secretsKept = (before.secretNames ?? []).map((secret) => `${secret} of ${subject}`)
  if (Object.keys(members).length === 0) return { conflicts, secretsKept }
  // Lock and record are kept there too, and stay as they are now.
  const own = members.client_metadata
  const body = isObject(own)
    ? { ...members, client_metadata: { ...objectOf(metadata), ...own } }
    : members
  const path = `${paths[kind]}/${encodeURIComponent(before.id)}`
  succeeded(await tenant.manage('PATCH', path, body), `PATCH ${paths[kind]}`)
  return { restored: [subject], conflicts, secretsKept }
}

/** Grants have no path of their own to be read by. */
async function shownNow(
  tenant: Auth0Tenant,
  kind: keyof typeof paths,
  id: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (kind === 'client-grant') {
    const grants = await listByCheckpoint<Readonly<Record<string, unknown>>>(
      tenant,
      'client-grants',
      'client_grants',
    )
    return grants.find((grant) => grant.id === id) ?? null
  }
  const answer = await tenant.manage('GET', `${paths[kind]}/${encodeURIComponent(id)}`)
  return answer.status === 404 ? null : succeeded(answer, `GET ${paths[kind]}`)
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
