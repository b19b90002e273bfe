/**
 * Custom database script `get_user`: `(email[, context], callback)`.
 *
 * Runs on sign-up, password reset and e-mail change, while nobody of that address is in Auth0. Hands
 * over the profile that login gives; a migrated user is not found, an outage is an error.
 *
 * Configuration: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_SCRIPTS_CLIENT_ID,
 * LEGACY_SCRIPTS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../../migration.config.ts'
import { getUserScript } from '../../runtimes/database-script.ts'

export const getUser = getUserScript(config)
