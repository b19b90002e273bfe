import type { Flip } from './flip.ts'
import { flipsOfDatabaseScripts } from './flips/database-scripts.ts'
import { flipsOfManagementApi } from './flips/management-api.ts'
import { flipsOfPostLogin } from './flips/post-login.ts'
import { flipsOfRegistration } from './flips/registration.ts'
import { flipsOfSessions } from './flips/sessions.ts'

/** For each probe what makes its assumption false on the stand-in tenant, and nothing else. */
export const flips: Readonly<Record<string, Flip>> = {
  ...flipsOfPostLogin,
  ...flipsOfSessions,
  ...flipsOfDatabaseScripts,
  ...flipsOfRegistration,
  ...flipsOfManagementApi,
}
