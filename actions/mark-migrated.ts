/**
 * Action `mark-migrated` (trigger `post-login`), the third of the four.
 *
 * Tells the legacy store that a user lives in Auth0 now, so that it never brings back one who has
 * changed e-mail or was deleted. A user notices nothing. Twin: the Rule of the same name.
 *
 * Secrets: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_ACTIONS_CLIENT_ID,
 * LEGACY_ACTIONS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../migration.config.ts'
import { markMigrated } from '../runtimes/action.ts'

export const onExecutePostLogin = markMigrated(config)
