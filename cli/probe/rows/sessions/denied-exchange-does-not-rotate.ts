import { actionThat } from '../../actions.ts'
import { outcomeOf } from '../../logins.ts'
import { expectThat, type Probe } from '../../probe.ts'

export const deniedExchangeDoesNotRotate: Probe = {
  id: 'denied-exchange-does-not-rotate',
  assumption: 'A refresh token exchange that an Action denies does not use up the token.',
  async run({ bindActions, commonDatabase, logIn, refresh, rotatingApplication, user }) {
    const rotating = await rotatingApplication(await commonDatabase())
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
