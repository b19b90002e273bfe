import type { Method, Methods } from './api-method.ts'
import { listOf, number, objectOf, optional, text } from './argument-checks.ts'
import type { LoginTurn } from './login-state.ts'
import type { DirectoryEntry } from './runtime.ts'

const page = optional(objectOf({ take: optional(number), from: optional(text) }))
// https://auth0.com/docs/actions/reference/post-login/post-login-api-object
const maxTake = 100
// https://auth0.com/docs/api/management/v2/users/get-user-effective-roles
const defaultTake = 50

type Kind = 'groups' | 'roles'

/** Looks the answer up in what the run was given, and rejects rather than guess when it was not. */
function lookup(
  kind: Kind,
  parameters: Method<LoginTurn>['parameters'],
  answer: (entries: readonly DirectoryEntry[], argument: unknown) => object,
): Method<LoginTurn> {
  return {
    parameters,
    async run({ misused, state: { directory } }, argument) {
      const entries = directory?.[kind]
      if (entries === undefined) {
        misused?.(`looks up ${kind}, which the test did not give: the option directory.${kind}`)
        throw new Error(`the ${kind} of this user are not known: give the run directory.${kind}`)
      }
      return answer(structuredClone(entries), argument)
    },
  }
}

function pageOf(kind: Kind) {
  return (entries: readonly DirectoryEntry[], params: unknown): object => {
    const { take = defaultTake, from } = (params ?? {}) as { take?: number; from?: string }
    if (!Number.isInteger(take) || take < 1 || take > maxTake) {
      throw new TypeError(`take has to be a whole number from 1 to ${maxTake}`)
    }
    const start = from === undefined ? 0 : entries.findIndex(({ id }) => id === from)
    if (start === -1) throw new TypeError('from has to be the next of an earlier page')
    const next = entries[start + take]?.id
    return { [kind]: entries.slice(start, start + take), ...(next !== undefined && { next }) }
  }
}

const rolesWhere =
  (key: 'id' | 'name') => (entries: readonly DirectoryEntry[], wanted: unknown) => ({
    roles: entries.filter((entry) => notEmpty(wanted).includes(entry[key])),
  })

/** By each id or name that was asked for: the shape is that of https://github.com/auth0/auth0-actions. */
function memberships(entries: readonly DirectoryEntry[], wanted: unknown): object {
  const asked = notEmpty(wanted).map((group) => {
    const matches = entries.filter(({ id, name }) => group === id || group === name)
    return [
      group,
      matches.length > 0 ? { is_member: true, matches } : { is_member: false },
    ] as const
  })
  return { memberships: Object.fromEntries(asked) }
}

function notEmpty(wanted: unknown): readonly string[] {
  const names = wanted as readonly string[]
  if (names.length === 0) throw new TypeError('the list of what to look up must not be empty')
  return names
}

/** `api.groups` and `api.roles`. */
export const directoryMethods: Methods<LoginTurn> = {
  groups: {
    getUserGroups: lookup('groups', [['params', page]], pageOf('groups')),
    hasGroupMembership: lookup('groups', [['groups', listOf(text)]], memberships),
  },
  roles: {
    getUserEffectiveRoles: lookup('roles', [['params', page]], pageOf('roles')),
    getUserEffectiveRolesByIds: lookup('roles', [['ids', listOf(text, 100)]], rolesWhere('id')),
    getUserEffectiveRolesByNames: lookup(
      'roles',
      [['names', listOf(text, 50)]],
      rolesWhere('name'),
    ),
  },
}
