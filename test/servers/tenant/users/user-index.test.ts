import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { User } from '../../../../servers/tenant/state.ts'
import {
  usersNamed,
  usersWithEmail,
  usersWithIdentity,
} from '../../../../servers/tenant/users/user-index.ts'

const names = ['ada', 'Ada', 'bob', 'eve']
const connections = ['people', 'staff']

const identity = fc.record({
  connection: fc.constantFrom(...connections),
  email: fc.option(fc.constantFrom(...names.map((name) => `${name}@example.com`))),
  username: fc.option(fc.constantFrom(...names)),
})

interface Names {
  readonly connection: string
  readonly email: string | null
  readonly username: string | null
}

/** The first identity's names are at the root of the profile, the others' in `profileData`. */
function userOf(id: string, identities: readonly Names[]): User {
  const [primary] = identities
  return {
    profile: {
      ...rootOf(primary),
      user_id: id,
      email_verified: true,
      app_metadata: {},
      user_metadata: {},
      created_at: '',
      updated_at: '',
      identities: identities.map((one, position) => ({
        connection: one.connection,
        provider: 'auth0',
        user_id: String(one.username),
        ...(position > 0 && { profileData: rootOf(one) }),
      })),
    },
  }
}

function rootOf(one: Names | undefined) {
  return {
    ...(one?.email != null && { email: one.email }),
    ...(one?.username != null && { username: one.username }),
  }
}

const change = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(4), fc.array(identity, { maxLength: 3 })) },
  { weight: 3, arbitrary: fc.nat(4) },
  { weight: 1, arbitrary: fc.constant('clear' as const) },
)

test('user index: finds whom a scan finds, after any writes, whenever it was first asked', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(12), (changes, firstLook) => {
      const users = new Map<string, User>()
      for (const [step, one] of changes.entries()) {
        if (step === firstLook) usersWithEmail(users, 'ada@example.com')
        if (one === 'clear') users.clear()
        else if (typeof one === 'number') users.delete(`u${one}`)
        else users.set(`u${one[0]}`, userOf(`u${one[0]}`, one[1]))
      }
      for (const name of names) {
        const having = [...users.values()].filter(({ profile }) =>
          profile.identities.some(({ user_id }) => user_id === name),
        )
        expect(idsOf(usersWithIdentity(users, `auth0|${name}`))).toEqual(idsOf(having))
        const email = `${name}@example.com`
        expect(idsOf(usersWithEmail(users, email))).toEqual(scan(users, 'email', email))
        for (const connection of connections) {
          for (const [member, value] of [['email', email] as const, ['username', name] as const]) {
            const found = idsOf(usersNamed(users, connection, member, value))
            expect(found).toEqual(scan(users, member, value, connection))
          }
        }
      }
    }),
  )
})

function idsOf(users: readonly User[]): readonly string[] {
  return users.map(({ profile }) => profile.user_id).toSorted()
}

function scan(
  users: ReadonlyMap<string, User>,
  member: 'email' | 'username',
  value: string,
  connection?: string,
): readonly string[] {
  const found = [...users.values()].filter(({ profile }) =>
    profile.identities.some((one, position) => {
      const root = (position === 0 ? profile : one.profileData) as Record<string, unknown>
      const known = String(root[member] ?? '\0').toLowerCase()
      const here = connection === undefined || one.connection === connection
      return here && known === value.toLowerCase()
    }),
  )
  return idsOf(found)
}

test('user index: others may follow the same map, before and after', () => {
  const one = { connection: 'people', email: 'ada@example.com', username: null }
  for (const early of [true, false]) {
    const users = new Map<string, User>()
    const seen: string[] = []
    const follow = () => {
      const { set } = users
      users.set = (id, user) => {
        seen.push(id)
        return set.call(users, id, user)
      }
    }
    if (early) follow()
    usersWithEmail(users, 'ada@example.com')
    if (!early) follow()
    users.set('u1', userOf('u1', [one]))
    expect(idsOf(usersWithEmail(users, 'ada@example.com'))).toEqual(['u1'])
    expect(seen).toEqual(['u1'])
  }
})

test('user index: a look-up among 100,000 users touches none of the others', () => {
  const users = new Map<string, User>()
  let read = 0
  const count = 100_000
  for (let number = 0; number < count; number += 1) {
    const one = { connection: 'people', email: `u${number}@example.com`, username: null }
    users.set(`u${number}`, userOf(`u${number}`, [one]))
  }
  usersNamed(users, 'people', 'email', 'u1@example.com')
  const { get, values } = users
  Object.assign(users, {
    get: (id: string) => {
      read += 1
      return get.call(users, id)
    },
    values: () => {
      read += count
      return values.call(users)
    },
  })
  const found = usersNamed(users, 'people', 'email', 'U77777@Example.com')
  expect(idsOf(found)).toEqual(['u77777'])
  expect(read).toBe(1)
})
