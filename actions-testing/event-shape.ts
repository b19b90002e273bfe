import { isPlainObject } from './json-value.ts'

/** What an object of an event holds. */
export interface MembersOfPath {
  readonly names: readonly string[]
  /** Whether it may hold others: then only a slip of the pen is a mistake. */
  readonly open: boolean
}

/** By path, with `''` for the event itself. Dictionaries whose names are all anybody's are not in it. */
export type EventMembers = ReadonlyMap<string, MembersOfPath>

type NamesByPath = Readonly<Record<string, string>>

/**
 * @param lists Names by path, `*` where they are anybody's. The first has those of the event itself.
 * @param more Names that are there too.
 * @param open Paths of objects that may hold others.
 */
export function membersOf(
  lists: readonly NamesByPath[],
  more: NamesByPath,
  open: ReadonlySet<string>,
): EventMembers {
  const root = Object.keys(lists[0] ?? {}).join(' ')
  const all: readonly (readonly [string, string])[] = Object.entries(
    Object.assign({ '': root }, ...lists),
  )
  const known = all.filter(([, names]) => names !== '*')
  return new Map(
    known.map(([path, names]) => {
      const every = `${names} ${more[path] ?? ''}`.trim().split(' ')
      return [path, { names: every, open: open.has(path) }] as const
    }),
  )
}

/**
 * Calls `visit` with the event and each object in it whose members are documented.
 *
 * @param visit Told what it may hold, what it is called, and its like in `twin`.
 * @param twin Of the same shape, as far as it has it.
 */
export function walkEvent(
  event: object,
  members: EventMembers,
  visit: (holder: object, known: MembersOfPath, place: string, twin: unknown) => void,
  twin: unknown = {},
): void {
  const walk = (value: unknown, path: string, place: string, like: unknown) => {
    const known = members.get(path)
    if (known === undefined || !isPlainObject(value)) return
    visit(value, known, place, like)
    for (const [name, member] of Object.entries(value)) {
      const inner = path === '' ? name : `${path}.${name}`
      const likeInner = memberOf(like, name)
      walk(member, inner, `${place}.${name}`, likeInner)
      if (!Array.isArray(member)) continue
      for (const [index, item] of member.entries()) {
        walk(item, `${inner}[]`, `${place}.${name}[${index}]`, memberOf(likeInner, index))
      }
    }
  }
  walk(event, '', 'event', twin)
}

function memberOf(value: unknown, name: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return (value as Readonly<Record<string | number, unknown>>)[name]
}
