import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deniedExchangeDoesNotRotate: Probe = {
  id: 'denied-exchange-does-not-rotate',
  assumption: 'A refresh token exchange that an Action denies does not use up the token.',
  async run({ application, bindActions, commonDatabase, logIn, open, refresh, user }) {
    const rotating = await application({ refresh_token: rotation })
    await open(await commonDatabase(), rotating)
    const person = await user()
    const request = { application: rotating, scope: 'openid offline_access' }
    const login = await logIn(person, request)
    if (login.refreshToken === null) throw new Error(`no refresh token: ${outcomeOf(login)}`)
    await bindActions(actionThat(`api.access.deny('probe')`))
    const denied = await refresh(rotating, login.refreshToken)
    if (denied.error === null) throw new Error('the Action did not deny')
    await bindActions()
    const exchange = await refresh(rotating, login.refreshToken)
    return expectThat(exchange.error === null, `after the denial ${outcomeOf(exchange)}`)
  },
}

const rotation = {
  rotation_type: 'rotating',
  expiration_type: 'expiring',
  leeway: 0, // seconds, as the lifetimes
  token_lifetime: 86_400,
  idle_token_lifetime: 3_600,
}
