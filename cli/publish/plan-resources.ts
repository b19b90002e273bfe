import { isObject } from '../auth0-tenant.ts'
import type { Actual } from './actual.ts'
import type { ResourceChange } from './changes.ts'
import type { DesiredResource } from './desired.ts'
import { memberChanges } from './members.ts'
import { uniqueIdOf } from './migration-clients.ts'

/** @returns Null when the application is as it is to be. */
export function planClient(desired: DesiredResource, actual: Actual): ResourceChange | null {
  const shown = actual.clients.get(desired.name)?.shown
  return resourceChange('client', desired, desired.members, shown)
}

/** @returns Null when the API is as it is to be. Scopes that it has besides ours are others'. */
export function planResourceServer(
  desired: DesiredResource,
  actual: Actual,
): ResourceChange | null {
  const shown = actual.resourceServers.get(desired.name)
  const members = { ...desired.members, ...scopesToSend(desired, shown) }
  return resourceChange('resource-server', desired, members, shown)
}

/** Ours, and those that are there: deploy-cli sends the list whole. */
export function scopesToSend(
  { members }: DesiredResource,
  shown: Readonly<Record<string, unknown>> | undefined,
): { readonly scopes?: readonly unknown[] } {
  if (!Array.isArray(members.scopes)) return {}
  const ours = new Map(members.scopes.map((scope) => [scopeName(scope), scope as unknown]))
  const there: readonly unknown[] = Array.isArray(shown?.scopes) ? shown.scopes : []
  const kept = there.map((scope) => {
    const own = ours.get(scopeName(scope))
    return isObject(scope) && isObject(own) ? { ...scope, ...own } : scope
  })
  const known = new Set(there.map(scopeName))
  return { scopes: [...kept, ...members.scopes.filter((scope) => !known.has(scopeName(scope)))] }
}

function scopeName(scope: unknown): unknown {
  return isObject(scope) ? scope.value : scope
}

/** @returns Null when the application has exactly this grant. */
export function planClientGrant(desired: DesiredResource, actual: Actual): ResourceChange | null {
  const { client_id: _, audience, ...members } = desired.members
  const shown = grantOf(desired, actual)
  const { audience: asked, client_id: __, ...template } = desired.template
  const change = memberChanges(members, shown, template)
  if (shown !== undefined && change.length === 0) return null
  const name = `${desired.name} for ${audience}`
  const kind = shown === undefined ? 'create' : 'update'
  return { kind: 'client-grant', change: kind, name, members: change }
}

/** The grant on the tenant for the same application, API and kind of subject. */
export function grantOf({ name, members }: DesiredResource, { allClients, clientGrants }: Actual) {
  const id = uniqueIdOf(allClients, name)
  const subject = members.subject_type ?? 'client'
  return clientGrants.find(
    ({ client_id, audience, subject_type = 'client' }) =>
      client_id === id && audience === members.audience && subject_type === subject,
  )
}

function resourceChange(
  kind: ResourceChange['kind'],
  { name, template }: DesiredResource,
  members: Readonly<Record<string, unknown>>,
  shown: Readonly<Record<string, unknown>> | undefined,
): ResourceChange | null {
  const changes = memberChanges(members, shown, template)
  if (shown !== undefined && changes.length === 0) return null
  return { kind, change: shown === undefined ? 'create' : 'update', name, members: changes }
}
