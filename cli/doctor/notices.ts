import { type Auth0Tenant, isObject, succeeded } from '../auth0-tenant.ts'
import { CommandError } from '../command.ts'
import type { FindingKind, Outcome } from './finding.ts'
import { migrations } from './migrations/find-migration.ts'
import { textAt } from './tenant/shape.ts'

/** What Auth0 has deprecated since this table was written. */
export const unknownNotice: FindingKind = {
  id: 'deprecation-notice',
  severity: 'warning',
  title: 'Deprecation notice of a feature that the table does not know',
  why: 'Auth0 has noted that this tenant uses something that will end.',
  remedy: 'Look the feature up in Auth0’s list.',
  link: 'https://auth0.com/docs/troubleshoot/basic-issues/search-logs-for-deprecation-errors',
}

/** Auth0 gives no more than the first 1,000 of a search. */
const pages = 10
const perPage = 100

interface Notice {
  readonly feature: string
  /** Empty: the Dashboard or an extension. */
  readonly client: string
}

/**
 * The deprecation notices in the logs of a tenant: by feature and application, counted. Nothing of the
 * users in them is kept.
 *
 * @throws {CommandError} As `manage` does; a scope that is missing is no error.
 */
export async function readNotices(tenant: Auth0Tenant): Promise<readonly Outcome[]> {
  const counts = new Map<string, { notice: Notice; count: number }>()
  try {
    for (let page = 0; page < pages; page += 1) {
      const path = `logs?q=type%3Adepnote&page=${page}&per_page=${perPage}`
      const body = succeeded<unknown>(await tenant.manage('GET', path), 'GET logs')
      const logs = Array.isArray(body) ? body : []
      for (const log of logs) add(counts, log)
      if (logs.length < perPage) break
    }
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'scope_missing') throw error
    const because = error.message.replace(/\.$/, '')
    return [{ type: 'not-checked', id: unknownNotice.id, because, where: {} }]
  }
  return [...counts.values()].map(({ notice, count }) => outcomeOf(notice, count))
}

function add(counts: Map<string, { notice: Notice; count: number }>, log: unknown): void {
  if (!isObject(log) || log.type !== 'depnote') return
  const description = textAt(log, 'description') ?? ''
  const feature = textAt(log, 'details', 'feature', 'name') ?? description.split(':')[0] ?? ''
  const notice = { feature, client: textAt(log, 'client_name') ?? textAt(log, 'client_id') ?? '' }
  const key = JSON.stringify(notice)
  counts.set(key, { notice, count: (counts.get(key)?.count ?? 0) + 1 })
}

function outcomeOf({ feature, client }: Notice, count: number): Outcome {
  const times = count === 1 ? 'once' : `${count} times`
  const what = `Auth0 noted the use of “${feature}” ${times}.`
  const resource = client === '' ? 'Dashboard or an extension' : `client ${client}`
  const kind = migrations.find(({ notice }) => notice !== undefined && isOf(feature, notice))
  return { type: 'finding', kind: kind ?? unknownNotice, what, where: { resource } }
}

/** The names of Auth0 vary in case and in apostrophes. */
function isOf(feature: string, notice: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z\d]+/g, ' ')
  return plain(feature).includes(plain(notice).trim())
}
