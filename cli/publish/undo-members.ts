import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { listByCheckpoint } from '../list-resources.ts'
import type { MembersBefore } from './before-states.ts'
import { ownMetadata, unchanged } from './changed-since.ts'
import type { Before } from './journal.ts'
import type { Undone } from './undo-resources.ts'
import type { UndoUnit } from './undo-unit.ts'

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
  const metadataBefore = before.members.client_metadata
  const added = isObject(metadataBefore)
    ? Object.fromEntries(Object.entries(metadataBefore).filter(([, value]) => value === null))
    : {}
  // Lock and record are kept there too, and stay as they are now.
  const own = members.client_metadata
  const body = isObject(own)
    ? { ...members, client_metadata: { ...(isObject(metadata) && metadata), ...own, ...added } }
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
