import { clientProof as secret } from './client-secret.ts'

/**
 * Twin of `client-secret.ts` for an old tenant: Actions and scripts use one application there, whose
 * settings `readLegacyApiSettings` knows by itself.
 */
export const actionsClient = undefined
export const scriptsClient = undefined

/** As with a legacy API. */
export const clientProof = secret
