import type { RowRules } from '../../../../cli/import/mapping/row-rules.ts'

export const bcryptHash = `$2b$10$${'abcdefghij'.repeat(5)}abc`

/** A row of the contract that nothing is wrong with. */
export function legacyRow(more: Readonly<Record<string, unknown>> = {}) {
  return {
    legacy_id: '1042',
    email: 'José.Müller@Example.com',
    email_verified: true,
    app_metadata: { plan: 'gold' },
    user_metadata: { locale: 'pt-BR' },
    migrated_at: null,
    password_hash: bcryptHash,
    ...more,
  }
}

export function rowRules(more: Partial<RowRules> = {}): RowRules {
  return {
    format: 'ndjson',
    profile: { connection: 'legacy-users', idPrefix: 'legacy|' },
    at: '2026-11-21T12:00:00.000Z',
    withoutPasswords: false,
    dropForbiddenKeys: false,
    dropLargeMetadata: false,
    ...more,
  }
}
