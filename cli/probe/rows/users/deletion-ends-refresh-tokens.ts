import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deletionEndsRefreshTokens: Probe = {
  id: 'deletion-ends-refresh-tokens',
  assumption: 'The refresh tokens of a user who is deleted are good for nothing.',
  async run({ commonApplication, logIn, manage, refresh, user }) {
    const person = await user()
    const login = await logIn(person, { scope: 'openid offline_access' })
    if (login.refreshToken === null) throw new Error(`no refresh token: ${outcomeOf(login)}`)
    const { status } = await manage('DELETE', `users/${encodeURIComponent(person.id)}`)
    if (status !== 204) throw new Error(`deleting a user is answered with ${status}`)
    const exchange = await refresh(await commonApplication(), login.refreshToken)
    return expectThat(exchange.error !== null, `after the deletion ${outcomeOf(exchange)}`)
  },
}
