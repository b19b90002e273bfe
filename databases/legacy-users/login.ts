/**
 * Custom database script `login`: `(userNameOrEmail, password[, context], callback)`.
 *
 * Runs when the user is not in Auth0 yet. Asks the legacy API whether the password is right, and
 * hands over the profile, the very one that get_user gives.
 *
 * Configuration: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_SCRIPTS_CLIENT_ID,
 * LEGACY_SCRIPTS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../../migration.config.ts'
import { loginScript } from '../../runtimes/database-script.ts'

export const login = loginScript(config)
