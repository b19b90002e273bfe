import type { OldTenantConfig } from './migration-config.ts'

/**
 * Which top-level keys of an old tenant's metadata come along: `all`, or a list. The build puts here
 * what `oldTenant` of migration.config.ts says, so that the old tenant's Action, the scripts and the
 * backfill cannot differ.
 */
export const carriedMetadata: OldTenantConfig = { appMetadata: 'all', userMetadata: 'all' }
