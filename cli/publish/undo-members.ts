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

/** What PATCH takes null for, and so can take away. Null for anything else is refused with the rest. */
// https://auth0.com/docs/api/management/v2/clients/patch-clients-by-id
const nullable: Readonly<Record<keyof typeof paths, readonly string[]>> = {
  client: [
    ...['default_organization', 'organization_require_behavior', 'organization_usage'],
    ...['refresh_token', 'token_endpoint_auth_method', 'token_exchange'],
  ],
  'client-grant': ['allow_all_scopes', 'allow_any_organization', 'organization_usage', 'scope'],
  'resource-server': ['authorization_policy', 'consent_policy'],
}

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
  const { members: own, conflicts } = unchanged(
    [`${kind} ${name}`, '', subject],
    Object.fromEntries(was),
    now,
    after,
  )
  const { members, lasting } = restorable(kind, own, now)
  const secretsKept = (before.secretNames ?? []).map((secret) => `${secret} of ${subject}`)
  const left = lasting.map((key) => `${key} of ${subject}, which Auth0 cannot be without again`)
  const told = { conflicts, secretsKept, ...(left.length > 0 && { left }) }
  if (Object.keys(members).length === 0) return told
  const metadataBefore = before.members.client_metadata
  const added = isObject(metadataBefore)
    ? Object.fromEntries(Object.entries(metadataBefore).filter(([, value]) => value === null))
    : {}
  // Lock and record are kept there too, and stay as they are now.
  const metadataOfOurs = members.client_metadata
  const body = isObject(metadataOfOurs)
    ? {
        ...members,
        client_metadata: { ...(isObject(metadata) && metadata), ...metadataOfOurs, ...added },
      }
    : members
  const path = `${paths[kind]}/${encodeURIComponent(before.id)}`
  succeeded(await tenant.manage('PATCH', path, body), `PATCH ${paths[kind]}`)
  return { restored: [subject], ...told }
}

/** Of what was not there before: a list is emptied, and what can be no null stays, and is named. */
function restorable(
  kind: keyof typeof paths,
  before: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): { readonly members: Readonly<Record<string, unknown>>; readonly lasting: readonly string[] } {
  const isLasting = ([key, was]: readonly [string, unknown]) =>
    was === null && !nullable[kind].includes(key) && !Array.isArray(now[key])
  const entries = Object.entries(before)
  const members = entries
    .filter((entry) => !isLasting(entry))
    .map(([key, was]) => [key, was === null && !nullable[kind].includes(key) ? [] : was])
  return {
    members: Object.fromEntries(members),
    lasting: entries.filter(isLasting).map(([key]) => key),
  }
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
