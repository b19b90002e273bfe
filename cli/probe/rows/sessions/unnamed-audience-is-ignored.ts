import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const unnamedAudienceIsIgnored: Probe = {
  id: 'unnamed-audience-is-ignored',
  assumption:
    'A refresh token exchange ignores an `audience` that the application has no refresh token policy for.',
  async run({ api, commonApplication, logIn, refresh, user }) {
    const [first, second] = [await api(), await api()]
    const person = await user()
    const scope = 'openid offline_access read:things'
    const login = await logIn(person, { audience: first, scope })
    if (login.refreshToken === null) throw new Error(`no refresh token: ${outcomeOf(login)}`)
    const application = await commonApplication()
    const exchange = await refresh(application, login.refreshToken, { audience: second })
    const audiences = [exchange.access.aud].flat()
    const holds = audiences.includes(first) && !audiences.includes(second)
    const whose = audiences.includes(second) ? 'the API asked for' : 'the API of the login'
    return expectThat(
      holds,
      exchange.error === null ? `the token is for ${whose}` : outcomeOf(exchange),
    )
  },
}
