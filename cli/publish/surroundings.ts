import type { LoginUser } from '../../core/legacy-identity.ts'
import { type Answer, type Auth0Tenant, isObject } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'

type Shown = Readonly<Record<string, unknown>>

/** What is around the resources that are published: people, logs, settings. Nothing of it is changed. */
export interface Surroundings {
  readonly settings: Shown
  /** A sample: at most 100, as the search gives them. No address and no name is asked for. */
  readonly users: readonly LoginUser[]
  /** Users of the connection; null where they cannot be counted. */
  readonly userCount: number | null
  /** The last tokens that people got, by the logs: at most 100. */
  readonly audienceLogs: readonly Shown[]
  /** Actions that the tenant has, undeployed ones included; null where it does not say. */
  readonly actionCount: number | null
  /** By the rate limit that the tenant names; false where it names none. */
  readonly isFreePlan: boolean
  /** What could not be looked at, and why, in words for a person. */
  readonly notLookedAt: readonly string[]
}

/** People, logs and settings that are not looked at. */
export const nothingAround: Surroundings = {
  settings: {},
  users: [],
  userCount: null,
  audienceLogs: [],
  actionCount: null,
  isFreePlan: false,
  notLookedAt: [],
}

/** Exchanges that give a person a token. https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes */
const peoplesTokens = ['seacft', 'sertft', 'sepft', 'secte', 'sede', 's', 'ssa']

/** Requests a second. https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy */
const freePlanLimit = 2

/** @param connection Name of the migrating connection. */
export async function readSurroundings(
  tenant: Auth0Tenant,
  connection: string,
): Promise<Surroundings> {
  const notLookedAt: string[] = []
  const look = async (path: string, what: string): Promise<Answer | null> => {
    const answer = await tenant.manage('GET', path)
    if (answer.status === 200) return answer
    if (answer.status !== 403 && answer.status !== 400) throw failed(what, answer.status)
    notLookedAt.push(
      `${what}: the tenant answered ${answer.status}, so that nothing is said of it.`,
    )
    return null
  }
  const settings = await look('tenants/settings', 'Settings of the tenant (read:tenant_settings)')
  const { users, count } = await readUsers(tenant, connection, look)
  const query = `q=${encodeURIComponent(`type:(${peoplesTokens.join(' OR ')})`)}`
  const fields = 'fields=type,audience,client_id,client_name&include_fields=true'
  const logs = await look(`logs?${query}&per_page=100&sort=date%3A-1&${fields}`, 'Logs (read:logs)')
  const actions = await look('actions/actions?per_page=1', 'Actions (read:actions)')
  return {
    actionCount: numberIn(actions?.body),
    settings: isObject(settings?.body) ? settings.body : {},
    users,
    userCount: count,
    audienceLogs: objectsIn(logs?.body),
    isFreePlan: Number(settings?.headers.get('x-ratelimit-limit') ?? Number.NaN) <= freePlanLimit,
    notLookedAt,
  }
}

async function readUsers(
  tenant: Auth0Tenant,
  connection: string,
  look: (path: string, what: string) => Promise<Answer | null>,
): Promise<{ readonly users: readonly LoginUser[]; readonly count: number | null }> {
  const page =
    'per_page=100&include_totals=true&fields=user_id,identities,created_at&include_fields=true'
  const query = encodeURIComponent(`identities.connection:"${connection}"`)
  const searched = await tenant.manage('GET', `users?${page}&search_engine=v3&q=${query}`)
  if (searched.status === 200 && isObject(searched.body)) {
    const { users, total } = searched.body
    return { users: objectsIn(users), count: typeof total === 'number' ? total : null }
  }
  // Without the search: users of any connection, of which those of ours are looked at.
  const all = await look(`users?${page}`, 'Users (read:users)')
  return { users: objectsIn(isObject(all?.body) ? all.body.users : []), count: null }
}

function numberIn(body: unknown): number | null {
  return isObject(body) && typeof body.total === 'number' ? body.total : null
}

function objectsIn(list: unknown): readonly Shown[] {
  return Array.isArray(list) ? list.filter(isObject) : []
}

function failed(what: string, status: number): CommandError {
  return new CommandError('request_failed', `${what}: the tenant answered ${status}.`)
}
