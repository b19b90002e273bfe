import type { JsonObject, Tenant } from './state.ts'

/**
 * The resources of a type that has no map of its own in the state, by id or whatever tells them apart.
 * Made where there is none yet, so that what is put into it stays.
 */
export function collectionOf<Resource extends JsonObject = JsonObject>(
  { state }: Pick<Tenant, 'state'>,
  type: string,
): Map<string, Resource> {
  const known = state.others.get(type)
  if (known !== undefined) return known as Map<string, Resource>
  const made = new Map<string, Resource>()
  state.others.set(type, made)
  return made
}
