import { type Auth0Tenant, isObject, succeeded } from './auth0-tenant.ts'

/**
 * All resources behind a path of the Management API, page by page of the old style.
 *
 * @param path `actions/actions`, `clients?is_global=false`.
 * @param key Under which the answer has them: `actions`, `clients`. `bindings` are no exception.
 * @throws {CommandError} As `succeeded` and `manage` do.
 * @see https://auth0.com/docs/manage-users/user-search/view-search-results-by-page for the two styles.
 */
export async function listResources<Resource>(
  tenant: Pick<Auth0Tenant, 'manage'>,
  path: string,
  key: string,
  perPage = 100,
): Promise<readonly Resource[]> {
  const found: Resource[] = []
  const join = path.includes('?') ? '&' : '?'
  for (let page = 0; ; page += 1) {
    const query = `${join}page=${page}&per_page=${perPage}&include_totals=true`
    const body = succeeded<unknown>(
      await tenant.manage('GET', path + query),
      `GET ${withoutIds(path)}`,
    )
    const resources = pageOf<Resource>(body, key)
    found.push(...resources)
    const total = isObject(body) && typeof body.total === 'number' ? body.total : undefined
    // Some lists cap `per_page` below what was asked for: a short page alone is no end.
    if (resources.length === 0) return found
    if (total === undefined ? resources.length < perPage : found.length >= total) return found
  }
}

/** As `listResources`, by `from` and `take`: for lists that cannot be had beyond 1,000 by page. */
export async function listByCheckpoint<Resource>(
  tenant: Pick<Auth0Tenant, 'manage'>,
  path: string,
  key: string,
  take = 100,
): Promise<readonly Resource[]> {
  const found: Resource[] = []
  const join = path.includes('?') ? '&' : '?'
  for (let from: string | undefined; ; ) {
    const start = from === undefined ? '' : `&from=${encodeURIComponent(from)}`
    const answer = await tenant.manage('GET', `${path}${join}take=${take}${start}`)
    const body = succeeded<unknown>(answer, `GET ${withoutIds(path)}`)
    found.push(...pageOf<Resource>(body, key))
    const next = isObject(body) ? body.next : undefined
    if (typeof next !== 'string' || next === '') return found
    from = next
  }
}

/** Ids of users may be their addresses: they stand in no error. */
function withoutIds(path: string): string {
  return path.replaceAll(/\b(users|members)\/[^/?]+/g, '$1/{id}')
}

function pageOf<Resource>(body: unknown, key: string): readonly Resource[] {
  const list = Array.isArray(body) ? body : isObject(body) ? body[key] : undefined
  return Array.isArray(list) ? list : []
}
