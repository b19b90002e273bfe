import { actionChecks } from './actions.ts'
import { bindingChecks } from './bindings.ts'
import type { Check } from './check.ts'
import { connectionChecks } from './connections.ts'
import { firstLoginChecks } from './first-login.ts'
import { legacyAudienceChecks } from './legacy-audience.ts'
import { legacyClientChecks } from './legacy-clients.ts'
import { clientChecks } from './platform/clients.ts'
import { platformConnectionChecks } from './platform/connections.ts'
import { flagChecks } from './platform/flags.ts'
import { mailChecks } from './platform/mail.ts'
import { platformRuntimeChecks } from './platform/runtimes.ts'
import { publishedCodeChecks } from './published-code.ts'
import { secretChecks } from './secrets-in-files.ts'

/** What is read from the settings of a tenant. */
export const checks: readonly Check[] = [
  ...legacyAudienceChecks,
  ...legacyClientChecks,
  ...bindingChecks,
  ...actionChecks,
  ...connectionChecks,
  ...firstLoginChecks,
  ...publishedCodeChecks,
  ...secretChecks,
  ...platformRuntimeChecks,
  ...flagChecks,
  ...clientChecks,
  ...platformConnectionChecks,
  ...mailChecks,
]
