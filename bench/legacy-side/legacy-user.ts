/** What the legacy store knows of the user: by the id, so that whoever gets one can check it. */
export function metadataOf(legacyId: string) {
  const number = Number(legacyId)
  return {
    app_metadata: { plan: number % 2 === 0 ? 'team' : 'personal', roles: ['reader', 'editor'] },
    user_metadata: { locale: number % 3 === 0 ? 'pt-PT' : 'de', newsletter: true },
  }
}

/** As `GET /v1/users/{legacy_id}` answers. */
export function legacyUserOf(legacyId: string) {
  return {
    legacy_id: legacyId,
    email: `user-${legacyId}@example.com`,
    email_verified: true,
    name: `User ${legacyId}`,
    ...metadataOf(legacyId),
    migrated_at: null,
  }
}
