/**
 * Rule `backfill-metadata`, the second of the four. Never published: Rules have ended.
 *
 * Fetches the metadata of users whose first login was interrupted from the legacy API, and fills in
 * what is absent. A user notices nothing. Twin: the Action of the same name.
 *
 * Configuration: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_ACTIONS_CLIENT_ID,
 * LEGACY_ACTIONS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../migration.config.ts'
import { backfillMetadata } from '../runtimes/action.ts'
import { ruleMemory, ruleOf } from '../runtimes/rule.ts'

export const rule = ruleOf('backfill-metadata', backfillMetadata(config, undefined, ruleMemory()))
