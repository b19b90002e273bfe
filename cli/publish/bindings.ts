import type { BindingPlace } from '../../core/migration-config.ts'
import { CommandError } from '../command.ts'

/** One Action in the list of a trigger. */
export interface BoundAction {
  /** Of the binding that is there already; null for one that is to be made. */
  readonly id: string | null
  readonly action: string
  readonly displayName: string
}

/** A trigger. https://auth0.com/docs/customize/actions/limitations */
const mostBindings = 20

/**
 * The list of a trigger as it is to be: others' Actions all of them, in their order; ours in ours, at
 * the place that `migration.config.ts` names.
 *
 * @throws {CommandError} `bindings_impossible` when the Action to stand before is not bound, or when
 *   the trigger would have more than Auth0 takes.
 */
export function placeBindings(
  trigger: string,
  current: readonly BoundAction[],
  ours: readonly Omit<BoundAction, 'id'>[],
  place: BindingPlace = 'first',
): readonly BoundAction[] {
  const names = new Set(ours.map(({ action }) => action))
  const others = current.filter(({ action }) => !names.has(action))
  const own = ours.map((one) => ({ ...one, id: idOf(current, one) }))
  const at = positionIn(trigger, others, place)
  const wanted = [...others.slice(0, at), ...own, ...others.slice(at)]
  if (wanted.length <= mostBindings) return wanted
  const message = `${trigger} would have ${wanted.length} Actions, and Auth0 takes ${mostBindings}: unbind ${wanted.length - mostBindings} of the others.`
  throw new CommandError('bindings_impossible', message)
}

function positionIn(trigger: string, others: readonly BoundAction[], place: BindingPlace): number {
  if (place === 'first') return 0
  if (place === 'last') return others.length
  const at = others.findIndex(({ action }) => action === place.before)
  if (at !== -1) return at
  const message = `migration.config.ts puts our Actions before ${place.before}, which is no Action of others that is bound to ${trigger}.`
  throw new CommandError('bindings_impossible', message)
}

function idOf(current: readonly BoundAction[], { action }: Omit<BoundAction, 'id'>): string | null {
  return current.find((one) => one.action === action)?.id ?? null
}

export function sameBindings(one: readonly BoundAction[], other: readonly BoundAction[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ action, displayName }, index) => {
      return action === other[index]?.action && displayName === other[index]?.displayName
    })
  )
}

/**
 * Takes a change of a list back in the list as it is now, which others may have changed since: ours go
 * where they stood before, or away; whatever else was bound meanwhile stays.
 *
 * @param ours Names of the Actions that the change was about.
 */
export function restoreBindings(
  current: readonly BoundAction[],
  before: readonly BoundAction[],
  ours: ReadonlySet<string>,
): readonly BoundAction[] {
  const list = current.filter(({ action }) => !ours.has(action))
  for (const [index, one] of before.entries()) {
    if (!ours.has(one.action)) continue
    const following = before.slice(index + 1).map(({ action }) => action)
    const at = list.findIndex(({ action }) => following.includes(action))
    list.splice(at === -1 ? list.length : at, 0, { ...one, id: idOf(current, one) })
  }
  return list
}
