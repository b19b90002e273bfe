import type { MigrationConfig } from './core/migration-config.ts'

/** The one file to edit. Every mistake in it is an error of `npm run build`. No secrets here. */
export default {
  connection: 'legacy-users',
  idPrefix: 'legacy-users|',
  backfill: { since: '2026-11-21' },
  claims: [
    { name: 'plan', path: 'app_metadata.plan', tokens: ['id', 'access'] },
    { name: 'locale', path: 'user_metadata.locale', tokens: ['id'] },
  ],
} satisfies MigrationConfig
