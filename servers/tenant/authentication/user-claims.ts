import type { JsonObject, User } from '../state.ts'

/** Claims of OpenID Connect, by the scope that gives them, and the profile's name for each. */
const claimsOfScope: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  profile: {
    family_name: 'family_name',
    given_name: 'given_name',
    name: 'name',
    nickname: 'nickname',
    picture: 'picture',
    updated_at: 'updated_at',
  },
  email: { email: 'email', email_verified: 'email_verified' },
  phone: { phone_number: 'phone_number', phone_number_verified: 'phone_verified' },
}

/**
 * The standard claims about a user, of ID token and `/userinfo` alike.
 *
 * @see https://auth0.com/docs/get-started/apis/scopes/openid-connect-scopes
 */
export function userClaims({ profile }: User, scopes: readonly string[]): JsonObject {
  return Object.fromEntries(
    scopes.flatMap((scope) =>
      Object.entries(claimsOfScope[scope] ?? {}).flatMap(([claim, member]) => {
        const value = profile[member]
        return value === undefined ? [] : [[claim, value] as const]
      }),
    ),
  )
}
