import type { Connection, JsonObject } from '../state.ts'
import type { NewUser } from '../users/create-user.ts'
import { isEmail } from '../users/imported-profile.ts'
import { isObject, metadataProblem } from '../users/metadata.ts'
import { normalizeEmail } from '../users/normalize-email.ts'
import { OAuthError } from './oauth-error.ts'

type Body = Readonly<Record<string, unknown>>

/** @throws {OAuthError} `invalid_request`, naming the member. */
export function emailOf(body: Body): string {
  const email = normalizeEmail(textOf(body, 'email'))
  if (isEmail(email)) return email
  throw new OAuthError('invalid_request', 'email is not an e-mail address.')
}

const rootMembers = ['family_name', 'given_name', 'name', 'nickname', 'picture']

/** @throws {OAuthError} `invalid_request`, naming the member. */
export function newAccount(connection: Connection, body: Body): NewUser {
  const username = body.username === undefined ? null : normalizeEmail(textOf(body, 'username'))
  if (username === null && connection.options.requires_username === true) {
    throw new OAuthError('invalid_request', 'Missing required parameter: username')
  }
  const root = rootMembers.filter((name) => body[name] !== undefined)
  return {
    email: emailOf(body),
    password: textOf(body, 'password'),
    username,
    userId: null,
    emailVerified: false,
    root: Object.fromEntries(root.map((name) => [name, textOf(body, name)])),
    appMetadata: {},
    userMetadata: signupMetadata(body.user_metadata),
  }
}

/** At most ten texts of 500 characters: https://auth0.com/docs/manage-users/user-accounts/metadata/metadata-fields-data */
function signupMetadata(metadata: unknown): JsonObject {
  if (metadata === undefined) return {}
  const problem = metadataProblem('user_metadata', metadata)
  if (problem !== null) throw new OAuthError('invalid_request', problem)
  const values = isObject(metadata) ? Object.values(metadata) : []
  if (values.length > 10 || values.some((one) => typeof one !== 'string' || one.length > 500)) {
    throw new OAuthError(
      'invalid_request',
      'user_metadata holds at most 10 strings of 500 characters.',
    )
  }
  return metadata as JsonObject
}

/** @throws {OAuthError} `invalid_request`, naming the member. */
export function textOf(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw new OAuthError('invalid_request', `Missing required parameter: ${name}`)
}
