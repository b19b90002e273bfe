/**
 * Rule `copy-metadata`, the last of the four. Never published: Rules have ended.
 *
 * Puts the metadata that `migration.config.ts` allows into tokens and profile, as claims under the
 * namespace. Twin: the Action of the same name.
 *
 * Configuration: CLAIM_NAMESPACE.
 */

import config from '../migration.config.ts'
import { copyMetadata } from '../runtimes/action.ts'
import { ruleOf } from '../runtimes/rule.ts'

export const rule = ruleOf('copy-metadata', copyMetadata(config))
