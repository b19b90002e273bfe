/**
 * Rule `mark-migrated`, the third of the four. Never published: Rules have ended.
 *
 * Tells the legacy store that a user lives in Auth0 now, so that it never brings back one who has
 * changed e-mail or was deleted. A user notices nothing. Twin: the Action of the same name.
 *
 * Configuration: LEGACY_API_URL, LEGACY_API_AUDIENCE, LEGACY_TOKEN_URL, LEGACY_ACTIONS_CLIENT_ID,
 * LEGACY_ACTIONS_CLIENT_SECRET, MIGRATION_PHASE.
 */

import config from '../migration.config.ts'
import { markMigrated } from '../runtimes/action.ts'
import { ruleMemory, ruleOf } from '../runtimes/rule.ts'

export const rule = ruleOf('mark-migrated', markMigrated(config, undefined, ruleMemory()))
