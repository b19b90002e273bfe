import type { IdentityRule } from '../../core/legacy-identity.ts'
import type { Auth0Tenant } from '../auth0-tenant.ts'
import type { CommandContext } from '../command.ts'
import { type FoundStamp, stampOf } from './users.ts'

/** What Auth0 says of users whom the legacy store calls migrated. All but the first by legacy id. */
export interface Verification {
  readonly agree: number
  /** No such user: deleted since, or the legacy account was linked to another. */
  readonly missing: readonly string[]
  /** There, without the stamp: it was reset. */
  readonly unstamped: readonly string[]
  /** The stamp is another legacy user's, or says that the store did not know this one. */
  readonly disagree: readonly string[]
  /** The stamp says that the store has another Auth0 user for this one. */
  readonly conflict: readonly string[]
}

type Finding = 'agree' | 'conflict' | 'disagree' | 'missing' | 'unstamped'

/** Looks up each in Auth0, one by one. */
export async function verifyUsers(
  tenant: Pick<Auth0Tenant, 'manage'>,
  legacyIds: readonly string[],
  rule: IdentityRule,
  { progress }: Pick<CommandContext, 'progress'>,
): Promise<Verification> {
  const found: (readonly [Finding, string])[] = []
  for (const [index, legacyId] of legacyIds.entries()) {
    found.push([findingOf(await stampOfLegacyUser(tenant, legacyId, rule), legacyId), legacyId])
    progress.report({ what: 'verified', done: index + 1, total: legacyIds.length, unit: 'users' })
  }
  progress.end()
  const those = (wanted: Finding) =>
    found.filter(([finding]) => finding === wanted).map(([, legacyId]) => legacyId)
  return {
    agree: those('agree').length,
    missing: those('missing'),
    unstamped: those('unstamped'),
    disagree: those('disagree'),
    conflict: those('conflict'),
  }
}

async function stampOfLegacyUser(
  tenant: Pick<Auth0Tenant, 'manage'>,
  legacyId: string,
  { idPrefix, acceptedPrefixes = [] }: IdentityRule,
): Promise<FoundStamp> {
  for (const prefix of new Set([idPrefix, ...acceptedPrefixes])) {
    const stamp = await stampOf(tenant, `auth0|${prefix}${legacyId}`)
    if (stamp !== undefined) return stamp
  }
  return undefined
}

function findingOf(stamp: FoundStamp, legacyId: string): Finding {
  if (stamp === undefined) return 'missing'
  if (stamp === null) return 'unstamped'
  if (stamp.legacy_id !== legacyId) return 'disagree'
  if (stamp.mark === 'conflict') return 'conflict'
  // Without a mark: an import told the store, or the login broke off after it. The next one stamps it.
  return stamp.mark === 'marked' || stamp.mark === undefined ? 'agree' : 'disagree'
}

export function isVerified({ missing, unstamped, disagree, conflict }: Verification): boolean {
  return missing.length + unstamped.length + disagree.length + conflict.length === 0
}
