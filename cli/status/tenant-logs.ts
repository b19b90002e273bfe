import { type Auth0Tenant, succeeded } from '../auth0-tenant.ts'
import type { CommandContext } from '../command.ts'
import { stampOf } from './users.ts'

/** What the tenant's logs show of the migration. They are kept for days only: 1 to 30, by plan. */
export interface LogFindings {
  /** Distinct users who logged in by the connection last, and were looked up. */
  readonly logins: number
  /** Legacy ids of those among them whose mark the store refused: it has another Auth0 user for them. */
  readonly conflicts: readonly string[]
  /** Of the last logs of trouble, how many there are of each type. */
  readonly troubles: Readonly<Record<TroubleType, number>>
  /** Instant of the earliest log of trouble that was read; null where there is none. */
  readonly since: string | null
}

/** @see https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes */
export type TroubleType = 'actions_execution_failed' | 'api_limit' | 'f' | 'w' | 'wum'

interface Log {
  readonly date?: unknown
  readonly type?: unknown
  readonly user_id?: unknown
}

const perPage = 100
/** A search of the logs gives 1,000 at most. */
// https://auth0.com/docs/deploy-monitor/logs/retrieve-log-events-using-mgmt-api
const mostPages = 10

/**
 * Reads the logs, the latest first. No log says that a mark was refused: the stamp does, so those who
 * logged in last are looked up one by one.
 *
 * @param logins Users to look up.
 * @throws {CommandError} As `succeeded` and `manage` do: `scope_missing` without read:logs, read:users.
 */
export async function readTenantLogs(
  tenant: Pick<Auth0Tenant, 'manage'>,
  connection: string,
  logins: number,
  { progress }: Pick<CommandContext, 'progress'>,
): Promise<LogFindings> {
  const users = await lastUsers(tenant, connection, logins)
  const conflicts = new Set<string>()
  for (const [index, userId] of users.entries()) {
    const stamp = await stampOf(tenant, userId)
    if (stamp?.mark === 'conflict') conflicts.add(String(stamp.legacy_id))
    progress.report({ what: 'looked up', done: index + 1, total: users.length, unit: 'users' })
  }
  progress.end()
  const troubles: Record<TroubleType, number> = {
    ...{ f: 0, w: 0, wum: 0, actions_execution_failed: 0, api_limit: 0 },
  }
  let since: string | null = null
  for await (const { type, date } of search(tenant, troubleQuery(connection))) {
    if (isTrouble(type)) troubles[type] += 1
    if (typeof date === 'string') since = date
  }
  return { logins: users.length, conflicts: [...conflicts], troubles, since }
}

async function lastUsers(
  tenant: Pick<Auth0Tenant, 'manage'>,
  connection: string,
  most: number,
): Promise<readonly string[]> {
  const users = new Set<string>()
  if (most === 0) return []
  for await (const { user_id } of search(tenant, `type:s AND connection:"${connection}"`)) {
    if (typeof user_id === 'string') users.add(user_id)
    if (users.size === most) break
  }
  return [...users]
}

function troubleQuery(connection: string): string {
  const others = 'type:(actions_execution_failed OR api_limit OR wum)'
  return `(connection:"${connection}" AND type:(f OR w)) OR ${others}`
}

const troubleTypes = ['actions_execution_failed', 'api_limit', 'f', 'w', 'wum']

function isTrouble(type: unknown): type is TroubleType {
  return typeof type === 'string' && troubleTypes.includes(type)
}

async function* search(tenant: Pick<Auth0Tenant, 'manage'>, q: string): AsyncGenerator<Log> {
  const fields = 'fields=date,type,user_id&include_fields=true'
  for (let page = 0; page < mostPages; page += 1) {
    const place = `sort=date:-1&per_page=${perPage}&page=${page}`
    const answer = await tenant.manage('GET', `logs?q=${encodeURIComponent(q)}&${place}&${fields}`)
    const logs = succeeded<readonly Log[]>(answer, 'GET logs')
    yield* logs
    if (logs.length < perPage) return
  }
}
