import { activeMigrationChecks } from './active-migrations.ts'
import type { Check } from './check.ts'
import { endedRuntimeChecks } from './ended-runtimes.ts'
import { checksOf2016 } from './of-2016.ts'
import { retiredEndpointChecks } from './retired-endpoints.ts'

/** Everything that is looked for in a piece of code. */
export const checks: readonly Check[] = [
  ...checksOf2016,
  ...activeMigrationChecks,
  ...retiredEndpointChecks,
  ...endedRuntimeChecks,
]
