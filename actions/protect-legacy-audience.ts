/**
 * Action `protect-legacy-audience` (trigger `post-login`), the first of the four.
 *
 * Denies every login, on every grant, that would end in a person's token for the legacy API: only
 * the migration's own machine-to-machine applications may call it. Twin: the Rule of the same name.
 *
 * Secrets: LEGACY_API_AUDIENCE.
 */

import { protectLegacyAudience } from '../runtimes/action.ts'

export const onExecutePostLogin = protectLegacyAudience()
