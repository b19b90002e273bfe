/**
 * Rule `protect-legacy-audience`, the first of the four. Never published: Rules have ended.
 *
 * Denies every login that asks for a token for the legacy API, as far as a Rule can see what it asks
 * for: see docs/rules.md. Twin: the Action of the same name.
 *
 * Configuration: LEGACY_API_AUDIENCE.
 */

import { protectLegacyAudience } from '../runtimes/action.ts'
import { ruleOf } from '../runtimes/rule.ts'

export const rule = ruleOf('protect-legacy-audience', protectLegacyAudience())
