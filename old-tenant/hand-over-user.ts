/**
 * Action `hand-over-user` (trigger `post-login`) of the OLD tenant, while its users move to another.
 *
 * Puts a user into the ID token of the migration's own application, and of no other: what the login
 * script of the new tenant makes its profile of. Nobody else's token changes.
 *
 * Secrets: none. It knows the application by its metadata, which tenant.old.yaml gives it.
 */

import { handOverUser } from '../runtimes/hand-over-user.ts'

export const onExecutePostLogin = handOverUser()
