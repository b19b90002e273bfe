import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { allOf, type Fact } from '../fact.ts'
import { type LoginResult, logIn } from '../login.ts'
import { auth0IdOf, callsDuring, findUser, inMs, stampOf, timed } from '../observe.ts'
import { claimNamespace } from '../world.ts'

export const firstLoginWithLegacyPassword: Fact = {
  name: 'first-login-with-legacy-password',
  async show(world) {
    const user = world.legacy.takeUser()
    const wrong = await logIn(world, { ...user, password: 'not the password' })
    const { result, elapsed } = await timed(() => logIn(world, user))
    const claims = idTokenOf(result)
    return allOf([
      [wrong.type === 'rejected', 'a wrong password is refused'],
      [claims?.sub === auth0IdOf(user), 'the password of the old store opens the account'],
      [
        claims?.email === user.email,
        `ID token verified by openid-client, login took ${inMs(elapsed)}`,
      ],
    ])
  },
}

export const noBackfillCallWhenMetadataArrived: Fact = {
  name: 'no-backfill-call-when-metadata-arrived',
  async show(world) {
    const user = world.legacy.takeUser()
    const { calls } = await callsDuring(world, () => logIn(world, user))
    const stored = await findUser(world, auth0IdOf(user))
    const expected = ['POST /v1/users/authenticate', 'PUT /v1/users/{legacy_id}/migration']
    return allOf([
      [stampOf(stored).backfill === 'arrived', 'the stamp says "arrived"'],
      [stored?.app_metadata?.plan === user.app_metadata.plan, 'the metadata are there'],
      [calls.join() === expected.join(), `legacy calls of the login: ${calls.join(', ')}`],
    ])
  },
}

export const markedInLegacyStore: Fact = {
  name: 'marked-in-legacy-store',
  async show(world) {
    const user = world.legacy.takeUser()
    const before = await world.legacy.markOf(user.legacy_id)
    await logIn(world, user)
    const mark = await world.legacy.markOf(user.legacy_id)
    const stamp = stampOf(await findUser(world, auth0IdOf(user)))
    return allOf([
      [before === null, 'not marked before the login'],
      [mark?.auth0_user_id === auth0IdOf(user), 'after it the store names the Auth0 user'],
      [mark?.migrated_metadata === 'complete', 'with metadata complete'],
      [stamp.mark === 'marked', 'and the stamp says "marked"'],
    ])
  },
}

export const claimsInTokensAndUserinfo: Fact = {
  name: 'claims-in-id-token-access-token-userinfo',
  async show(world) {
    const user = world.legacy.takeUser()
    const result = await logIn(world, user)
    if (result.type !== 'tokens') return { holds: false, evidence: `the login was ${result.type}` }
    const id = idTokenOf(result) ?? {}
    const access = decodeJwt(result.tokens.access_token)
    const userinfo = await oidc.fetchUserInfo(
      world.applications.sample,
      result.tokens.access_token,
      auth0IdOf(user),
    )
    const plan = `${claimNamespace}plan`
    const locale = `${claimNamespace}locale`
    return allOf([
      [id[plan] === user.app_metadata.plan, 'plan is in the ID token'],
      [access[plan] === user.app_metadata.plan, 'in the access token'],
      [userinfo[plan] === user.app_metadata.plan, 'and in /userinfo'],
      [id[locale] === user.user_metadata.locale, 'locale is in the ID token'],
      [!(locale in access), 'and not in the access token, since users edit it'],
    ])
  },
}

export const secondLoginZeroLegacyCalls: Fact = {
  name: 'second-login-zero-legacy-calls',
  async show(world) {
    const user = world.legacy.takeUser()
    const first = await callsDuring(world, () => logIn(world, user))
    const writes = world.tenant.tenant.activity.profileWrites.length
    const second = await callsDuring(world, () => timed(() => logIn(world, user)))
    const written = world.tenant.tenant.activity.profileWrites.length - writes
    return allOf([
      [first.calls.length === 2, 'the first login makes 2 legacy calls'],
      [second.result.result.type === 'tokens', `the second took ${inMs(second.result.elapsed)}`],
      [second.calls.length === 0, 'with 0 legacy calls'],
      [written === 0, 'and 0 profile writes'],
    ])
  },
}

function idTokenOf(result: LoginResult): Readonly<Record<string, unknown>> | undefined {
  return result.type === 'tokens' ? result.tokens.claims() : undefined
}
