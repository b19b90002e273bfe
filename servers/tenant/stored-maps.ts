import { z } from 'zod'

/** A map, and maps in it, as JSON; whatever else is in it has to be JSON already. */
type Stored = readonly ['json', unknown] | readonly ['map', readonly (readonly [string, Stored])[]]

/** Maps by name. */
export type StoredMaps = Readonly<Record<string, Stored>>

const stored: z.ZodType<Stored> = z.lazy(() =>
  z.union([
    z.tuple([z.literal('json'), z.unknown()]),
    z.tuple([z.literal('map'), z.array(z.tuple([z.string(), stored]))]),
  ]),
)

export const storedMaps: z.ZodType<StoredMaps> = z.record(
  z.string(),
  stored.refine(([kind]) => kind === 'map'),
)

export function toStored(members: readonly (readonly [string, unknown])[]): StoredMaps {
  const maps = members.filter(([, value]) => value instanceof Map)
  return Object.fromEntries(maps.map(([name, map]) => [name, storedOf(map)]))
}

export function toMaps(maps: StoredMaps): Readonly<Record<string, Map<string, never>>> {
  const entries = Object.entries(maps).map(([name, map]) => [name, fromStored(map)])
  return Object.fromEntries(entries)
}

function storedOf(value: unknown): Stored {
  if (!(value instanceof Map)) return ['json', value]
  return ['map', [...value].map(([key, inner]) => [key, storedOf(inner)])]
}

function fromStored([kind, value]: Stored): unknown {
  return kind === 'json' ? value : new Map(value.map(([key, inner]) => [key, fromStored(inner)]))
}
