import { slipOf } from './did-you-mean.ts'
import { hiddenParameters, notShown } from './event-checks.ts'
import { type EventMembers, type MembersOfPath, walkEvent } from './event-shape.ts'
import { guardedPrototype } from './guarded-prototype.ts'
import { isPlainObject } from './json-value.ts'
import { unknownMember } from './strict-members.ts'

/**
 * Makes an event one of which reading a member that does not exist throws: `event.client.clientId`
 * would be undefined, in the test as in production, and nobody would know. What is documented and not
 * there is undefined, as it is on the platform.
 *
 * @param event A copy that is this Action's own.
 * @param given What the test gave: a member that is undefined in it may be read, and is not there.
 * @param misused Told of the mistake too, since whoever reads may catch.
 */
export function makeStrict(
  event: object,
  members: EventMembers,
  given: unknown,
  misused: (problem: string) => void,
): void {
  walkEvent(
    event,
    members,
    (holder, known, place, twin) => {
      guard(
        holder,
        (name) => {
          if (known.names.includes(name) || (isPlainObject(twin) && name in twin)) return null
          return problemOf(place, name, known)
        },
        misused,
      )
    },
    given,
  )
  const { request } = event as { readonly request?: Readonly<Record<string, unknown>> }
  for (const [part, parameters] of Object.entries(request ?? {})) {
    if (!['body', 'query'].includes(part) || !isPlainObject(parameters)) continue
    const place = `event.request.${part}`
    const hidden = (name: string) =>
      hiddenParameters.includes(name) ? notShown(place, name) : null
    guard(parameters, hidden, misused)
  }
}

/** Words of Rules, of tokens and of the Management API, by what an event calls them. */
const called: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'event.transaction': {
    audience: 'event.resource_server.identifier',
    scope: 'event.transaction.requested_scopes',
    scopes: 'event.transaction.requested_scopes',
  },
  'event.user': {
    id: 'event.user.user_id',
    logins_count: 'event.stats.logins_count',
    metadata: 'event.user.user_metadata',
    roles: 'event.authorization.roles',
    sub: 'event.user.user_id',
  },
}

function problemOf(place: string, name: string, { names, open }: MembersOfPath): string | null {
  const slip = slipOf(name, names)
  if (open) {
    const meant = called[place]?.[name] ?? (slip === null ? null : `${place}.${slip}`)
    return meant === null
      ? null
      : `${place}.${name} is not in this event; did you mean ${meant}? If not, give the event ${name}, or undefined`
  }
  if (slip === null && place.startsWith('event.user.identities[')) return notShown(place, name)
  return unknownMember(place, name, names)
}

function guard(
  holder: object,
  problemWith: (name: string) => string | null,
  misused: (problem: string) => void,
): void {
  const missing = (name: string) => {
    const problem = problemWith(name)
    if (problem === null) return undefined
    misused(`reads what does not exist: ${problem}`)
    throw new TypeError(problem)
  }
  const prototype = guardedPrototype(Object.getPrototypeOf(holder), missing, missing)
  Object.setPrototypeOf(holder, prototype)
}
