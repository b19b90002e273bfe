import type { ActionCache } from './action-cache.ts'

/** What has an `api.cache` of its own. */
export type CachedTrigger =
  | 'credentials-exchange'
  | 'post-change-password'
  | 'post-login'
  | 'post-user-registration'
  | 'pre-user-registration'

/**
 * The cache of each trigger, from one execution to the next: entries are scoped to their trigger.
 *
 * @param loses Whether every execution begins with an empty one, which Auth0 allows itself.
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export function createTriggerCaches(
  open: () => ActionCache,
  loses: boolean,
): (trigger: CachedTrigger) => ActionCache {
  const caches = new Map<CachedTrigger, ActionCache>()
  return (trigger) => {
    const cache = (loses ? undefined : caches.get(trigger)) ?? open()
    caches.set(trigger, cache)
    return cache
  }
}
