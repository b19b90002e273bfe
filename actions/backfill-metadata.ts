/**
 * Action `backfill-metadata` (trigger `post-login`), the second of the four.
 *
 * Fetches the metadata of users whose first login was interrupted from the legacy API, and fills in
 * what is absent. A user notices nothing. Twin: the Rule of the same name.
 *
 * Secrets: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_ACTIONS_CLIENT_ID,
 * LEGACY_ACTIONS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../migration.config.ts'
import { backfillMetadata } from '../runtimes/action.ts'

export const onExecutePostLogin = backfillMetadata(config)
