import type { ClientAuthentication } from '../core/access-token.ts'

/**
 * Names of the settings by which Actions and scripts say whose they are, and prove it. Where the config
 * says `clientAuthentication: 'private-key-jwt'` the build puts `private-key-jwt.ts` in this one's
 * place, and `old-tenant-secret.ts` where it says `source: 'auth0-tenant'`.
 */
export const actionsClient = {
  id: 'LEGACY_ACTIONS_CLIENT_ID',
  credential: 'LEGACY_ACTIONS_CLIENT_SECRET',
}
export const scriptsClient = {
  id: 'LEGACY_SCRIPTS_CLIENT_ID',
  credential: 'LEGACY_SCRIPTS_CLIENT_SECRET',
}

/** Auth0's method `client_secret_post`. */
export const clientProof: ClientAuthentication = ({ credential }) => ({ client_secret: credential })
