/**
 * Action `copy-metadata` (trigger `post-login`), the last of the four.
 *
 * Puts the metadata that `migration.config.ts` allows into tokens and profile, as claims under the
 * namespace. Twin: the Rule of the same name.
 *
 * Secrets: CLAIM_NAMESPACE.
 */

import config from '../migration.config.ts'
import { copyMetadata } from '../runtimes/action.ts'

export const onExecutePostLogin = copyMetadata(config)
