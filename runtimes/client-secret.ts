import type { ClientAuthentication } from '../core/access-token.ts'

/**
 * Names of the settings by which Actions and scripts prove whose they are. Where the config says
 * `clientAuthentication: 'private-key-jwt'` the build puts `private-key-jwt.ts` in this one's place.
 */
export const actionsCredential = 'LEGACY_ACTIONS_CLIENT_SECRET'
export const scriptsCredential = 'LEGACY_SCRIPTS_CLIENT_SECRET'

/** Auth0's method `client_secret_post`. */
export const clientProof: ClientAuthentication = ({ credential }) => ({ client_secret: credential })
