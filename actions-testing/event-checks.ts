import { isPlainObject } from './json-value.ts'

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

/**
 * Refuses an event with what Auth0 keeps from Actions: one that reads it passes its test, and finds
 * nothing there in production.
 *
 * @throws {RangeError} Names the member, never what it holds.
 */
export function checkEvent(event: object): void {
  const { request, user } = event as Readonly<Record<string, Json | undefined>>
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

function refuse(path: string, members: readonly string[], shown: (name: string) => boolean): void {
  const hidden = members.find((name) => !shown(name))
  if (hidden !== undefined) throw new RangeError(`Auth0 shows no Action ${path}.${hidden}`)
}
