import { isPlainObject } from './json-value.ts'
import { unknownMember } from './strict-members.ts'

// https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations: hidden since 2025-09-16.
const hiddenParameters = [
  'auth_session',
  'authn_response',
  'client_assertion',
  'client_secret',
  'refresh_token',
]
// https://auth0.com/docs/customize/actions/migrate/actions-migration-limitations
const ofIdentities = ['connection', 'isSocial', 'profileData', 'provider', 'user_id']

// "dictionary" on the reference page: a profile has whatever its identity provider gave it.
const open = new Set(['organization', 'secrets', 'transaction', 'user'])
// https://github.com/auth0/auth0-actions has them, and the reference page has not, or not yet.
const newer = ['anonymous_session', 'configuration', 'experiment']
const newerMembers: Readonly<Record<string, readonly string[]>> = {
  client: ['authentication', 'external_client_id', 'external_metadata_type'],
  refresh_token: ['access'],
}

/**
 * Refuses an event with members that no page documents, and with what Auth0 keeps from Actions: an
 * Action that reads those passes its test, and finds nothing there in production.
 *
 * @param documented Members of such an event, and of each its own.
 * @throws {RangeError} Names the member, never what it holds.
 */
export function checkEvent(event: object, documented: Readonly<Record<string, string>>): void {
  const { request, user } = event as Readonly<Record<string, Json | undefined>>
  refuseUnknown('event', event, [...Object.keys(documented), ...newer])
  for (const [name, names] of Object.entries(documented)) {
    const known = [...names.split(' '), ...(newerMembers[name] ?? [])]
    if (!open.has(name)) refuseUnknown(`event.${name}`, (event as Json)[name], known)
  }
  for (const part of ['body', 'query']) {
    const parameters = membersOf(request?.[part])
    refuse(`event.request.${part}`, parameters, (name) => !hiddenParameters.includes(name))
  }
  const identities = Array.isArray(user?.identities) ? user.identities : []
  for (const [index, identity] of identities.entries()) {
    const path = `event.user.identities[${index}]`
    refuse(path, membersOf(identity), (name) => ofIdentities.includes(name))
  }
}

type Json = Readonly<Record<string, unknown>>

function membersOf(value: unknown): readonly string[] {
  return isPlainObject(value) ? Object.keys(value) : []
}

function refuseUnknown(path: string, value: unknown, names: readonly string[]): void {
  const unknown = membersOf(value).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new RangeError(unknownMember(path, unknown, names))
}

function refuse(path: string, members: readonly string[], shown: (name: string) => boolean): void {
  const hidden = members.find((name) => !shown(name))
  if (hidden !== undefined) throw new RangeError(`Auth0 shows no Action ${path}.${hidden}`)
}
