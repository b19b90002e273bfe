import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { connection } from '../applications.ts'
import { allOf, type Fact, type Finding } from '../fact.ts'
import type { SampleUser } from '../legacy-users.ts'
import { type LoginResult, logIn } from '../login.ts'
import { legacyAudience, type World } from '../world.ts'

const actionReason = 'This API is not available to users.'

const realm = 'http://auth0.com/oauth/grant-type/password-realm'

/** How a person may ask for a token for the legacy API; each answers what it was refused with. */
type Attempt = (world: World, user: SampleUser) => Promise<string | null>

const attempts: Readonly<Record<string, Attempt>> = {
  'authorization code': async (world, user) => {
    return deniedBy(await logIn(world, user, { audience: legacyAudience }))
  },
  'silent login': async (world, user) => {
    const first = await logIn(world, user, { audience: null })
    if (first.type !== 'tokens') return null
    const { browser } = first
    const silent = { audience: legacyAudience, browser, parameters: { prompt: 'none' } }
    return deniedBy(await logIn(world, user, silent))
  },
  'refresh token': async (world, user) => {
    const first = await logIn(world, user)
    const refreshToken = first.type === 'tokens' ? first.tokens.refresh_token : undefined
    if (refreshToken === undefined) return null
    const audience = { audience: legacyAudience }
    return refusalOf(() =>
      oidc.refreshTokenGrant(world.applications.sample, refreshToken, audience),
    )
  },
  password: (world, user) =>
    refusalOf(() => grant(world, 'password', { ...credentialsOf(user), audience: legacyAudience })),
  'password-realm': (world, user) =>
    refusalOf(() =>
      grant(world, realm, { ...credentialsOf(user), realm: connection, audience: legacyAudience }),
    ),
}

export const audienceRefusedToPeople: Fact = {
  name: 'audience-refused-to-people-on-every-grant',
  async show(world) {
    const user = world.legacy.takeUser()
    await logIn(world, user)
    const asPublished = await refusals(world, user)
    // The same with the platform's lock open, as somebody might leave it: the Action holds alone.
    const byAction = await withPeopleAllowed(world, () => refusals(world, user))
    return allOf([
      ...asPublished.map(([grant, reason]) => [reason !== null, `${grant}: refused`] as const),
      [true, 'and each of them again by the Action alone, with the policy of the API open'],
      ...byAction.map(([grant, reason]) => [reason === actionReason, `${grant}: denied`] as const),
    ])
  },
}

async function refusals(world: World, user: SampleUser) {
  const results: (readonly [string, string | null])[] = []
  for (const [grant, attempt] of Object.entries(attempts)) {
    results.push([grant, await attempt(world, user)])
  }
  return results
}

async function withPeopleAllowed<Result>(
  world: World,
  run: () => Promise<Result>,
): Promise<Result> {
  const path = `resource-servers/${encodeURIComponent(legacyAudience)}`
  const policy = (user: string) => ({
    subject_type_authorization: {
      user: { policy: user },
      client: { policy: 'require_client_grant' },
    },
  })
  await world.management.patch(path, policy('allow_all'))
  try {
    return await run()
  } finally {
    await world.management.patch(path, policy('deny_all'))
  }
}

function credentialsOf({ email, password }: SampleUser) {
  return { username: email, password, scope: 'openid' }
}

function grant(world: World, type: string, parameters: Record<string, string>) {
  return oidc.genericGrantRequest(world.applications.trusted, type, parameters)
}

function deniedBy(result: LoginResult): string | null {
  return result.type === 'refused' && result.error === 'access_denied' ? result.description : null
}

/** @returns why access was denied; null when it was not, and when the request failed for another reason. */
async function refusalOf(request: () => Promise<unknown>): Promise<string | null> {
  try {
    await request()
    return null
  } catch (error) {
    if (!(error instanceof oidc.ResponseBodyError)) throw error
    return error.error === 'access_denied' ? (error.error_description ?? '') : null
  }
}

export const audienceGivenToTheMachine: Fact = {
  name: 'audience-given-to-the-machine',
  async show(world): Promise<Finding> {
    const tokens = await oidc.clientCredentialsGrant(world.applications.machine, {
      audience: legacyAudience,
    })
    const claims = decodeJwt(tokens.access_token)
    const user = world.legacy.takeUser()
    const response = await fetch(`${world.frontDoor.url}/v1/users/${user.legacy_id}`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    return allOf([
      [claims.sub?.endsWith('@clients') === true, 'sub ends in @clients'],
      [
        claims.scope === 'read:legacy_users update:legacy_users',
        `the scopes are those of the grant: ${claims.scope}`,
      ],
      [response.status === 200, 'and the legacy API takes the token'],
    ])
  },
}
