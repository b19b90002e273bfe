import { slipOf } from './did-you-mean.ts'
import { type EventMembers, walkEvent } from './event-shape.ts'
import { isPlainObject, kindOf } from './json-value.ts'
import { unknownMember } from './strict-members.ts'
import type { Protocol } from './types/post-login/transaction.ts'

// https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations: hidden since 2025-09-16.
export const hiddenParameters = [
  'auth_session',
  'authn_response',
  'client_assertion',
  'client_secret',
  'refresh_token',
]
const protocols = [
  'oauth2-access-token',
  'oauth2-device-code',
  'oauth2-password',
  'oauth2-refresh-token',
  'oauth2-resource-owner',
  'oauth2-resource-owner-jwt-bearer',
  'oauth2-token-exchange',
  'oauth2-webauthn',
  'oidc-basic-profile',
  'oidc-ciba',
  'oidc-ciba-web-link',
  'oidc-hybrid-profile',
  'oidc-implicit-profile',
  'samlp',
  'wsfed',
  'wstrust-usernamemixed',
] satisfies readonly Protocol[]
// https://auth0.com/docs/actions/reference/post-login/post-login-event-object
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  'event.session.cookie.mode': ['non-persistent', 'persistent'],
  'event.transaction.protocol': protocols,
  'event.transaction.response_mode': ['form_post', 'fragment', 'query', 'web_message'],
}

/** Text, if it is there: what Auth0 would never send as anything else. */
const texts = new Set([
  'event.client.client_id',
  'event.connection.name',
  'event.connection.strategy',
  'event.resource_server.identifier',
  'event.tenant.id',
  'event.user.email',
  'event.user.user_id',
])

/**
 * Refuses an event with members that no page documents, and with what Auth0 keeps from Actions: an
 * Action that reads those passes its test, and finds nothing there in production.
 *
 * @param members Those of such an event.
 * @throws {RangeError} Names the member, never what it holds.
 */
export function checkEvent(event: object, members: EventMembers): void {
  const { request } = event as { readonly request?: Readonly<Record<string, unknown>> }
  for (const part of ['body', 'query']) {
    const hidden = Object.keys(request?.[part] ?? {}).find((name) => isHidden(name))
    if (hidden !== undefined) throw new RangeError(notShown(`event.request.${part}`, hidden))
  }
  for (const [name, value] of Object.entries(event)) {
    if (isPlainObject(value) || !members.has(name) || value === undefined) continue
    if (name === 'experiment' && value === null) continue
    throw new RangeError(`event.${name} has to be an object, not ${kindOf(value)}`)
  }
  walkEvent(event, members, (holder, { names, open }, place) => {
    for (const [name, value] of Object.entries(holder)) {
      const problem = names.includes(name) ? badValue(`${place}.${name}`, value) : null
      if (problem !== null) throw new RangeError(problem)
      if (!names.includes(name) && value !== undefined) refuseUnknown(place, name, names, open)
    }
  })
}

/** True for a parameter of the request that Auth0 takes out before Actions see it. */
function isHidden(name: string): boolean {
  return hiddenParameters.includes(name)
}

/** What to say of a member that Auth0 keeps to itself. */
export function notShown(place: string, name: string): string {
  return `Auth0 shows no Action ${place}.${name}`
}

function refuseUnknown(place: string, name: string, names: readonly string[], open: boolean): void {
  // Tokens of an identity provider: https://auth0.com/docs/customize/actions/migrate/actions-migration-limitations
  if (/^event\.user\.identities\[/.test(place)) throw new RangeError(notShown(place, name))
  if (!open || slipOf(name, names) !== null) {
    throw new RangeError(unknownMember(place, name, names))
  }
}

function badValue(place: string, value: unknown): string | null {
  if (texts.has(place) && typeof value !== 'string' && value !== undefined) {
    return `${place} has to be a string, not ${kindOf(value)}`
  }
  const values = valuesOf[place]
  if (values === undefined || value === undefined || isPlainObject(value)) return null
  if (values.includes(String(value))) return null
  return `${place} is none of ${values.join(', ')}`
}
