import type { BundleCopies } from './bundles.ts'
import type { Figure } from './figure.ts'
import { runActions } from './run-in-child.ts'

/**
 * What the flow asks of anybody for a user who is done: nothing.
 *
 * @throws when the flow was not that of a user who is done: then no other figure means anything.
 */
export async function hotPathCalls({ flow }: BundleCopies): Promise<readonly Figure[]> {
  const { logins, counts } = await runActions('count', flow)
  // `plan` in both tokens, `locale` in one: what the sample config says.
  const { claims, denials, logLines } = counts
  if (claims !== logins * 3 || denials !== 0 || logLines !== 0) {
    const did = `${claims} claims, ${denials} denials and ${logLines} log lines`
    throw new Error(`${logins} logins of users who are done made ${did}: not the hot path`)
  }
  const unit = 'calls a login'
  return [
    { name: 'hot-path-network-calls', value: counts.network / logins, unit, reach: 0 },
    { name: 'hot-path-metadata-writes', value: counts.metadataWrites / logins, unit, reach: 0 },
    { name: 'hot-path-cache-calls', value: counts.cache / logins, unit, reach: 0 },
  ]
}
