import { succeeded } from '../../../auth0-tenant.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const passwordChangeKeepsRefreshTokens: Probe = {
  id: 'password-change-keeps-refresh-tokens',
  assumption: 'A password that the Management API changes ends no refresh token.',
  async run({ commonApplication, logIn, manage, refresh, user }) {
    const person = await user()
    const login = await logIn(person, { scope: 'openid offline_access' })
    if (login.refreshToken === null) throw new Error(`no refresh token: ${outcomeOf(login)}`)
    const change = { password: `${person.password}-2`, connection: person.database }
    const path = `users/${encodeURIComponent(person.id)}`
    succeeded(await manage('PATCH', path, change), 'PATCH users')
    const exchange = await refresh(await commonApplication(), login.refreshToken)
    return expectThat(exchange.error === null, `at the exchange ${outcomeOf(exchange)}`)
  },
}
