import type { JsonObject, User } from '../state.ts'
import { normalizeEmail } from './normalize-email.ts'

/** Where a user is found by an address or a username, without a look at the others. */
interface UserIndex {
  /** User ids by connection, kind of name and name; in lower case. */
  readonly byName: Map<string, Set<string>>
  /** User ids by e-mail address, of whatever connection; in lower case. */
  readonly byEmail: Map<string, Set<string>>
  /** User ids by `provider|user_id` of an identity. */
  readonly byIdentity: Map<string, Set<string>>
}

const indexes = new WeakMap<Map<string, User>, UserIndex>()

/** @returns Users who have an identity of that connection with that name; the earliest first. */
export function usersNamed(
  users: Map<string, User>,
  connection: string,
  member: 'email' | 'username',
  value: string,
): readonly User[] {
  const key = nameKey(connection, member, value)
  return usersOf(users, indexOf(users).byName.get(key))
}

/** @returns Users who have that address, in any case, at the root or in a linked identity. */
export function usersWithEmail(users: Map<string, User>, email: string): readonly User[] {
  return usersOf(users, indexOf(users).byEmail.get(normalizeEmail(email)))
}

/** @returns Users who have that identity, as `identityKey` names it, first or linked. */
export function usersWithIdentity(users: Map<string, User>, identity: string): readonly User[] {
  return usersOf(users, indexOf(users).byIdentity.get(identity))
}

export function identityKey({ provider, user_id }: JsonObject): string {
  return `${provider}|${user_id}`
}

/** Names of the identity at `position`: the primary one's are at the root of the profile. */
export function namesOf({ profile }: User, position: number): JsonObject {
  if (position === 0) return profile
  const data = profile.identities[position]?.profileData
  return typeof data === 'object' && data !== null ? (data as JsonObject) : {}
}

function usersOf(users: Map<string, User>, ids: ReadonlySet<string> | undefined): readonly User[] {
  return [...(ids ?? [])].flatMap((id) => users.get(id) ?? [])
}

/** The index of a map of users: made at its first look-up, and true ever after. */
function indexOf(users: Map<string, User>): UserIndex {
  const known = indexes.get(users)
  if (known !== undefined) return known
  const index: UserIndex = { byName: new Map(), byEmail: new Map(), byIdentity: new Map() }
  for (const [id, user] of users) add(index, id, user)
  follow(users, index)
  indexes.set(users, index)
  return index
}

/** From now on whoever writes to the map writes to the index too, and cannot forget it. */
function follow(users: Map<string, User>, index: UserIndex): void {
  const { clear, delete: remove, set } = users
  const followed = {
    set(id: string, user: User) {
      forget(index, id, users.get(id))
      add(index, id, user)
      set.call(users, id, user)
      return users
    },
    delete(id: string) {
      forget(index, id, users.get(id))
      return remove.call(users, id)
    },
    clear() {
      index.byName.clear()
      index.byEmail.clear()
      index.byIdentity.clear()
      clear.call(users)
    },
  }
  // Not in sight of whoever lists the map, and open to others who follow it too.
  for (const [name, value] of Object.entries(followed)) {
    Object.defineProperty(users, name, { value, configurable: true, writable: true })
  }
}

function add(index: UserIndex, id: string, user: User): void {
  for (const [map, key] of keysOf(index, user)) {
    const ids = map.get(key)
    if (ids === undefined) map.set(key, new Set([id]))
    else ids.add(id)
  }
}

function forget(index: UserIndex, id: string, user: User | undefined): void {
  if (user === undefined) return
  for (const [map, key] of keysOf(index, user)) {
    const ids = map.get(key)
    if (ids?.delete(id) && ids.size === 0) map.delete(key)
  }
}

type Key = readonly [map: Map<string, Set<string>>, key: string]

function keysOf({ byEmail, byIdentity, byName }: UserIndex, user: User): readonly Key[] {
  return user.profile.identities.flatMap((identity, position) => {
    const { email, username } = namesOf(user, position)
    const connection = String(identity.connection)
    const keys: Key[] = [[byIdentity, identityKey(identity)]]
    if (typeof email === 'string') {
      keys.push([byName, nameKey(connection, 'email', email)], [byEmail, normalizeEmail(email)])
    }
    if (typeof username === 'string') keys.push([byName, nameKey(connection, 'username', username)])
    return keys
  })
}

function nameKey(connection: string, member: 'email' | 'username', value: string): string {
  return `${connection}\n${member}\n${normalizeEmail(value)}`
}
