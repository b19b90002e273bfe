import type { Context } from 'hono'
import type { TenantLog } from '../activity.ts'
import type { JsonObject, Tenant } from '../state.ts'
import { type AddEndpoint, segment } from './endpoint.ts'
import { parseLogQuery } from './log-query.ts'
import { invalidQuery, ManagementError } from './management-error.ts'
import { assertPageable, assertQuery, pageOf, pageQuery, takeOf, withFields } from './paging.ts'

const query = [...pageQuery, 'q', 'sort', 'from', 'take']

/** @see https://auth0.com/docs/deploy-monitor/logs/retrieve-log-events-using-mgmt-api */
export function addLogEndpoints(add: AddEndpoint, tenant: Tenant): void {
  add('GET', '/logs', 'read:logs', (c) => {
    assertQuery(c, query)
    if (c.req.query('from') !== undefined || c.req.query('take') !== undefined) {
      return byCheckpoint(c, tenant)
    }
    return c.json(found(c, shown(tenant)))
  })
  add('GET', '/logs/:id', 'read:logs', (c) => {
    const log = shown(tenant).find(({ log_id }) => log_id === segment(c, 'id'))
    if (log !== undefined) return c.json(log)
    throw new ManagementError(404, 'Log not found', 'log_not_found')
  })
  add('GET', '/users/:id/logs', 'read:logs', (c) => {
    assertQuery(c, ['page', 'per_page', 'sort', 'include_totals'])
    return c.json(
      found(
        c,
        shown(tenant).filter(({ user_id }) => user_id === segment(c, 'id')),
      ),
    )
  })
}

function shown({ activity, state }: Tenant): readonly JsonObject[] {
  return activity.logs.map((log, position) => {
    const client = log.client_id === undefined ? undefined : state.clients.get(log.client_id)
    const connection = state.connections.get(log.connection_id ?? '')
    const log_id = logId(log, position)
    return {
      ...log,
      ...(client !== undefined && { client_name: client.name }),
      ...(connection !== undefined && {
        connection: connection.name,
        strategy: connection.strategy,
      }),
      log_id,
      _id: log_id,
    }
  })
}

/** As Auth0's: `900`, the time to the millisecond, and what tells logs of that time apart. */
function logId({ date }: TenantLog, position: number): string {
  return `900${date.replaceAll(/\D/g, '').padEnd(17, '0')}${String(position).padStart(36, '0')}`
}

/** What came after the log `from`, the oldest first; nothing else of the query counts. */
function byCheckpoint(c: Context, tenant: Tenant): Response {
  const take = takeOf(c)
  const logs = shown(tenant)
  const from = c.req.query('from')
  const page = logs.slice(from === undefined ? 0 : positionAfter(from), undefined).slice(0, take)
  const last = page.at(-1)?.log_id ?? from
  if (last !== undefined) {
    c.header('link', `<${tenant.issuer}api/v2/logs?from=${last}&take=${take}>; rel="next"`)
  }
  return c.json(page)
}

function positionAfter(id: string): number {
  if (/^900\d{53}$/.test(id)) return Number(id.slice(-36)) + 1
  throw invalidQuery("'The from parameter is not the id of a log' on property from")
}

/** What a query finds, the latest first. */
function found(c: Context, logs: readonly JsonObject[]) {
  const { q, sort = 'date:-1' } = c.req.query()
  if (sort !== 'date:-1' && sort !== 'date:1') {
    throw invalidQuery("'Only date:1 and date:-1 are sorted by here' on property sort")
  }
  const matching = q === undefined || q.trim() === '' ? logs : logs.filter(parseLogQuery(q))
  const sorted = sort === 'date:1' ? matching : matching.toReversed()
  assertPageable(c)
  const { start, size } = pageOf(c)
  const page = sorted.slice(start, start + size).map((log) => withFields(c, log))
  if (c.req.query('include_totals') !== 'true') return page
  // Of the page, not of the search: that is what Auth0 says here.
  return { start, limit: size, length: page.length, total: page.length, logs: page }
}
