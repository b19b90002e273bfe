import { actionChecks } from './actions.ts'
import { activeMigrationChecks } from './active-migrations.ts'
import { answerChecks } from './answers.ts'
import { callbackChecks } from './callbacks.ts'
import type { Check } from './check.ts'
import { droppedClaim } from './claims.ts'
import { endedRuleChecks } from './ended-rules.ts'
import { endedRuntimeChecks } from './ended-runtimes.ts'
import { personalDataInLog } from './logs.ts'
import { lookupChecks } from './lookups.ts'
import { checksOf2016 } from './of-2016.ts'
import { oldLibraryChecks } from './old-libraries.ts'
import { profileChecks } from './profiles.ts'
import { queryChecks } from './queries.ts'
import { retiredEndpointChecks } from './retired-endpoints.ts'
import { secretChecks } from './secrets.ts'
import { tokenChecks } from './tokens.ts'
import { userSearchChecks } from './user-searches.ts'

/** Everything that is looked for in a piece of code. */
export const checks: readonly Check[] = [
  ...checksOf2016,
  ...activeMigrationChecks,
  ...queryChecks,
  ...retiredEndpointChecks,
  ...oldLibraryChecks,
  ...endedRuntimeChecks,
  ...endedRuleChecks,
  ...profileChecks,
  ...answerChecks,
  ...callbackChecks,
  ...userSearchChecks,
  ...lookupChecks,
  ...secretChecks,
  ...tokenChecks,
  droppedClaim,
  personalDataInLog,
  ...actionChecks,
]
