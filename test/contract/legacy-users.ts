import type { SeedUser } from '../../servers/legacy-api/seed-users.ts'

/** Whom the scenarios are about, in whatever store they are. */
export const legacyUsers: readonly (SeedUser & { readonly email: string })[] = [
  {
    legacy_id: '1042',
    email: 'a@example.com',
    app_metadata: { plan: 'gold', tags: [1] },
    user_metadata: { locale: 'cy' },
  },
  { legacy_id: 'large', email: 'b@example.com', app_metadata: { notes: 'x'.repeat(11_000) } },
  {
    legacy_id: 'odd',
    email: 'c@example.com',
    app_metadata: {
      plan: 'gold',
      blocked: true,
      'a.b': 1,
      $set: 2,
      nested: { constructor: 1, kept: true },
    },
  },
]
