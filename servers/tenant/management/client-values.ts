import type { JsonObject } from '../state.ts'
import { isObject } from '../users/metadata.ts'
import { invalidBody } from './management-error.ts'
import { type BodyShape, checkShape, objectsOf, textsOf } from './request-body.ts'

/** https://auth0.com/docs/api/management/v2/clients/post-clients */
const refreshTokenShape: BodyShape = {
  members: {
    expiration_type: ['expiring', 'non-expiring'],
    idle_token_lifetime: 'integer',
    infinite_idle_token_lifetime: 'boolean',
    infinite_token_lifetime: 'boolean',
    leeway: 'integer',
    policies: 'array',
    rotation_type: ['non-rotating', 'rotating'],
    token_lifetime: 'integer',
  },
  required: ['expiration_type', 'rotation_type'],
  nullable: ['policies'],
}

const policyShape: BodyShape = {
  members: { audience: 'string', scope: 'array' },
  required: ['audience', 'scope'],
}

/** What is read of `jwt_configuration`. It may have more. */
const jwtConfigurationShape: BodyShape = {
  members: {
    alg: ['HS256', 'PS256', 'RS256', 'RS512'],
    lifetime_in_seconds: 'integer',
    secret_encoded: 'boolean',
  },
}

/** Those without a namespace; extensions are URNs. */
// https://auth0.com/docs/get-started/applications/application-grant-types
const grantTypes = new Set([
  ...['authorization_code', 'client_credentials', 'implicit', 'password', 'refresh_token'],
  ...['mfa-oob', 'mfa-otp', 'mfa-recovery-code', 'passwordless/otp', 'password-realm'].map(
    (name) => `http://auth0.com/oauth/grant-type/${name}`,
  ),
])

/** Of tenants that have them still. */
const legacyGrantType = /^http:\/\/auth0\.com\/oauth\/legacy\/grant-type\//

/**
 * Checks what of an application decides about logins: a misspelt one would be there, and do nothing.
 *
 * @throws {ManagementError} 400.
 */
export function checkClientValues(body: JsonObject): void {
  checkUrls(body)
  for (const [position, name] of (textsOf(body, 'grant_types') ?? []).entries()) {
    if (grantTypes.has(name) || name.startsWith('urn:') || legacyGrantType.test(name)) continue
    throw invalidBody(`'No enum match' on property grant_types[${position}]`)
  }
  const { client_metadata, jwt_configuration, refresh_token } = body
  if (isObject(client_metadata)) checkMetadata(client_metadata)
  if (isObject(refresh_token)) checkRefreshToken(refresh_token)
  if (!isObject(jwt_configuration)) return
  const read = Object.entries(jwt_configuration).filter(([name]) =>
    Object.hasOwn(jwtConfigurationShape.members, name),
  )
  checkShape(Object.fromEntries(read), jwtConfigurationShape, 'jwt_configuration/')
}

/** Each has a protocol, also with a placeholder in it: `*.example.com` is no URL. */
// https://github.com/auth0/auth0-deploy-cli/issues/155
// https://auth0.com/docs/authenticate/login/logout/redirect-users-after-logout
function checkUrls(body: JsonObject): void {
  for (const [name, format] of [
    ['callbacks', 'callback-url'],
    ['allowed_logout_urls', 'url'],
  ] as const) {
    for (const [position, url] of (textsOf(body, name) ?? []).entries()) {
      if (URL.canParse(url)) continue
      const message = `'Object didn't pass validation for format ${format}'`
      throw invalidBody(`${message} on property ${name}[${position}]`)
    }
  }
}

/** At most ten texts of 255 characters. */
// https://auth0.com/docs/get-started/applications/configure-application-metadata
function checkMetadata(metadata: JsonObject): void {
  const entries = Object.entries(metadata)
  for (const [key, value] of entries) {
    const text = value ?? ''
    if (typeof text === 'string' && text.length <= 255 && key.length <= 255) continue
    throw invalidBody("'Expected a string of 255 characters at most' on property client_metadata")
  }
  if (entries.length > 10) throw invalidBody("'More than 10 keys' on property client_metadata")
}

function checkRefreshToken(settings: JsonObject): void {
  checkShape(settings, refreshTokenShape, 'refresh_token/')
  for (const policy of objectsOf(settings, 'policies', policyShape) ?? []) {
    textsOf(policy, 'scope')
  }
}
